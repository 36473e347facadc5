// What the JavaScript clients of the benchmark share: a warm-up, a measured loop, one line of JSON.
// The warm-up is as long as half of what is measured: V8 compiles on other threads, which count as this process's CPU.
export async function measure(client, operation, rounds, run) {
  await run(Math.ceil(rounds / 2));
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

// Sixteen of the operation on their way at any time, `count` in each loop.
export async function inSixteenLoops(operation, count) {
  const counts = await Promise.all(Array.from({ length: 16 }, () => operation(count)));
  return counts.reduce((sum, one) => sum + one, 0);
}

export const content = "c".repeat(120);
export const title = "A title of some forty characters, or so it is";
