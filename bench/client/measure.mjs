// What the JavaScript clients of the benchmark share: a warm-up, a measured loop, one line of JSON.
export async function measure(client, operation, rounds, run) {
  await run(Math.floor(rounds / 10) + 1);
  const cpu = process.cpuUsage();
  const before = process.hrtime.bigint();
  const items = await run(rounds);
  const wall = Number(process.hrtime.bigint() - before) / 1000;
  const used = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({ client, operation, items, cpu_us: used.user + used.system, wall_us: Math.round(wall) }),
  );
}

export function require_(condition, what) {
  if (!condition) throw new Error(`wrong result: ${what}`);
}

export const content = "c".repeat(120);
export const title = "A title of some forty characters, or so it is";
