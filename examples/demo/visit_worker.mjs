// Sends requests to examples/worker and prints what comes back: node visit_worker.mjs URL
const base = process.argv[2];
if (base === undefined) {
  console.error("visit_worker: usage: node visit_worker.mjs URL");
  process.exit(2);
}

async function ask(method, path, body) {
  const response = await fetch(new URL(path, base), { method, body: body && JSON.stringify(body) });
  const answer = await response.json();
  console.log(`${method} ${path.replace(/\w{26}/, "ID")}${body ? ` ${JSON.stringify(body)}` : ""}`);
  for (const each of Array.isArray(answer) ? answer : [answer]) console.log(`   ${response.status} ${JSON.stringify(each)}`);
  return answer;
}

async function section(title, work) {
  // What the last section sent is counted by another process: let its lines arrive.
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(`== ${title}`);
  await work();
}

const users = [];
await section("Two users", async () => {
  for (const name of ["Ann", "Ben"]) users.push(await ask("POST", "/users", { name, email: `${name.toLowerCase()}@example.com` }));
});
await section("An address that is taken, and a user without a name", async () => {
  await ask("POST", "/users", { name: "Another Ann", email: "ann@example.com" });
  await ask("POST", "/users", { name: "", email: "nobody@example.com" });
});
await section("Three posts", async () => {
  for (const [author, title] of [["Ann", "First light"], ["Ben", "A reply"], ["Ann", "Second thoughts"]]) {
    const { userId } = users.find((user) => user.name === author);
    await ask("POST", `/users/${userId}/posts`, { title });
  }
});
await section("The latest posts with their authors: the authors come in one request", () => ask("GET", "/posts"));
await section("One user, and one who is not there", async () => {
  await ask("GET", `/users/${users[0].userId}`);
  await ask("GET", "/users/nobody");
});
await section("Ten visitors at the same time, each in a batch context of its own", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(new URL("/posts", base)).then((response) => response.text())));
  console.log(`   ${new Set(answers).size} different answer to ${answers.length} visitors`);
});
