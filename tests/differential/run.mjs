// Seeded random operations on random tables, sent to our engine and to dynoxide, a share of them to DynamoDB Local as well.
// An answer that differs, and is not in known.mjs, fails the run: its case is made as small as it gets and printed with
// its seed.
//   node run.mjs PROGRAM [--operations N] [--seed N] [--case N] [--peers dynoxide,dynamodb-local] [--share N] [--all]
// The seed is always 1 unless told otherwise (also by BAO_DIFFERENTIAL_SEED): another seed may meet a new wording of a peer,
// which says nothing about us.
// PROGRAM: differential_engine. --case: only this case of the seed. --share: one case of N goes to DynamoDB Local, which is
// a tenth as fast, and without empty strings, which its build of 2020 refuses. --all: one of each kind of difference, as it is, instead of
// the first one made small. Exit: 0 agreed, 1 differed, 2 usage, 77 no peers.
import { readFileSync } from "node:fs";
import { parts, readAnswer } from "./compare.mjs";
import { HttpEngine, PipeEngine } from "./engines.mjs";
import { entries, explanation } from "./known.mjs";
import { minimise } from "./minimise.mjs";
import { makeOperation } from "./operations.mjs";
import { Random } from "./random.mjs";
import { makeTable } from "./tables.mjs";

const operationsPerCase = 58;
const pagesMax = 200;
const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);

function options(args) {
  const out = {
    program: args[0],
    operations: Number(process.env.BAO_DIFFERENTIAL_OPERATIONS ?? 100_000),
    seed: Number(process.env.BAO_DIFFERENTIAL_SEED ?? 1),
    peers: ["dynoxide", "dynamodb-local"],
    share: 12,
    all: false,
  };
  for (let at = 1; at < args.length; ++at) {
    if (args[at] === "--all") out.all = true;
    else if (args[at] === "--peers") out.peers = args[++at].split(",");
    else if (["--operations", "--seed", "--case", "--share"].includes(args[at])) out[args[at].slice(2)] = Number(args[++at]);
    else return undefined;
  }
  return out.program ? out : undefined;
}

/** The operations of a case; `modern`: with what DynamoDB Local of 2020 does not know or mend (empty strings, numbers in
 * nested values that are not plain). The same for the same seed and number. */
function makeCase(seed, number, modern) {
  const random = new Random((seed * 7919 + number * 104729) >>> 0);
  random.modern = modern;
  for (let warm = 0; warm < 4; ++warm) random.next();
  const table = makeTable(random, `case${number}`);
  const operations = [{ name: "CreateTable", request: table.create, silent: true }];
  for (let i = 0; i < operationsPerCase; ++i) operations.push(makeOperation(random, table));
  return { number, table, operations };
}

/** Runs an operation; pages of a scan, or of an index, are put together, since engines cut and order them differently. */
async function run(engine, operation, play = 0) {
  const { name } = operation;
  // A token lives for ten minutes, longer than a play: each has its own.
  const token = operation.request.ClientRequestToken;
  const request = typeof token === "string" && token !== "" ? { ...operation.request, ClientRequestToken: `${token}.${play}` } : operation.request;
  const paged = (name === "Scan" || request.IndexName !== undefined) && !operation.broken && request.ExclusiveStartKey === undefined;
  const segments = paged && name === "Scan" && Number.isInteger(request.TotalSegments) && request.Segment < request.TotalSegments;
  if (!paged) return readAnswer(await engine.call(name, JSON.stringify(request)));
  const whole = { ok: true, status: 200, answer: { Count: 0, ScannedCount: 0 } };
  for (let segment = segments ? 0 : -1; segment < (segments ? request.TotalSegments : 0); ++segment) {
    let start;
    for (let page = 0; ; ++page) {
      const body = { ...request, ...(segments ? { Segment: segment } : {}), ...(start ? { ExclusiveStartKey: start } : {}) };
      const read = readAnswer(await engine.call(name, JSON.stringify(body)));
      if (!read.ok) return read;
      whole.answer.Count += read.answer.Count;
      whole.answer.ScannedCount += read.answer.ScannedCount;
      if (read.answer.Items) whole.answer.Items = [...(whole.answer.Items ?? []), ...read.answer.Items];
      // Units are rounded up a page: comparable only where there is one.
      if (!segments && page === 0 && !read.answer.LastEvaluatedKey && read.answer.ConsumedCapacity) {
        whole.answer.ConsumedCapacity = read.answer.ConsumedCapacity;
      }
      start = read.answer.LastEvaluatedKey;
      if (!start) break;
      if (page === pagesMax) return { ok: false, status: 0, type: "endless pages", message: "" };
    }
  }
  return whole;
}

/** What differs between two answers, as [{part, ours, theirs}]. */
function differences(operation, ours, theirs) {
  if (ours.ok !== theirs.ok) return [{ part: "outcome", ours, theirs }];
  if (!ours.ok) {
    const out = [];
    if (ours.status !== theirs.status || ours.type !== theirs.type) return [{ part: "type", ours, theirs }];
    if (JSON.stringify(ours.reasons) !== JSON.stringify(theirs.reasons)) out.push({ part: "reasons", ours, theirs });
    else if (ours.message !== theirs.message) out.push({ part: "message", ours, theirs });
    if (JSON.stringify(ours.item) !== JSON.stringify(theirs.item)) out.push({ part: "item", ours, theirs });
    return out;
  }
  // The order of a scan is each engine's own: a start key that no answer gave means another place in each, and so does a
  // page of a request that was not put together.
  const scans = operation.name === "Scan" || operation.request.IndexName !== undefined;
  if (scans && (operation.request.ExclusiveStartKey !== undefined || operation.broken)) return [];
  const a = parts(operation, ours);
  const b = parts(operation, theirs);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((part) => a[part] !== b[part])
    .map((part) => ({ part, ours: a[part], theirs: b[part], answers: { ours, theirs } }));
}

class Comparison {
  counts = new Map(); // differences that are known, by id
  compared = 0;
  plays = 0;

  constructor(ours, peers) {
    this.ours = ours;
    this.peers = peers;
  }

  /** Plays operations against ours and these peers; the unknown differences. */
  async play(table, operations, peers, stopAtFirst) {
    const found = [];
    const play = ++this.plays;
    for (const operation of operations) {
      const [ours, ...theirs] = await Promise.all([this.ours, ...peers].map((engine) => run(engine, operation, play)));
      this.compared += operation.silent ? 0 : 1;
      let stateDiffers = false;
      theirs.forEach((their, at) => {
        const peer = peers[at].name;
        if (operation.silent) return;
        for (const difference of differences(operation, ours, their)) {
          const id = explanation(peer, { operation, table, ...difference });
          if (id) this.counts.set(`${peer} ${id}`, (this.counts.get(`${peer} ${id}`) ?? 0) + 1);
          else found.push({ peer, operation, ...difference });
          stateDiffers ||= writes.has(operation.name) && ["outcome", "rest", "type"].includes(difference.part);
        }
      });
      if (found.length > 0 && stopAtFirst) break;
      // dynoxide fills lists up to the index that is set ("list-padding"), whether or not its answer shows that.
      stateDiffers ||= writes.has(operation.name) && ours.ok && /\[\d+\]/.test(JSON.stringify(operation.request));
      // What follows says something only where both have the same items.
      if (stateDiffers) await this.align(table, peers);
    }
    await Promise.all([this.ours, ...peers].map((engine) => engine.call("DeleteTable", JSON.stringify({ TableName: table.name }))));
    return found;
  }

  /** Gives the peers the items that ours has, so that one difference is not reported again and again. */
  async align(table, peers) {
    const { answer } = await run(this.ours, { name: "Scan", request: { TableName: table.name } });
    for (const peer of peers) {
      const old = await run(peer, { name: "Scan", request: { TableName: table.name } });
      const keyOf = (item) => ({ p: item.p, ...(table.sort ? { s: item.s } : {}) });
      for (const item of old.answer?.Items ?? []) await peer.call("DeleteItem", JSON.stringify({ TableName: table.name, Key: keyOf(item) }));
      for (const item of answer.Items ?? []) await peer.call("PutItem", JSON.stringify({ TableName: table.name, Item: item }));
    }
  }

  /** The shortest list of operations that still shows the difference. */
  async minimise(table, operations, difference) {
    const peers = this.peers.filter((peer) => peer.name === difference.peer);
    const shows = async (list) => {
      const found = await this.play(table, list, peers, false);
      return found.some((one) => one.part === difference.part && one.operation === difference.operation);
    };
    return minimise(operations.slice(0, operations.indexOf(difference.operation) + 1), shows);
  }
}

function show(value) {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value.answer ?? { status: value.status, type: value.type, message: value.message, reasons: value.reasons, item: value.item });
  return text.length > 1500 ? `${text.slice(0, 1500)}...` : text;
}

function report(difference, seed, number, list) {
  console.log(`\nDIFFERENCE with ${difference.peer} (${difference.part}); again with: --seed ${seed} --case ${number}`);
  for (const operation of list) console.log(`  ${operation.name} ${JSON.stringify(operation.request)}`);
  console.log(`  ours:   ${show(difference.ours)}`);
  console.log(`  theirs: ${show(difference.theirs)}`);
}

async function main() {
  const wanted = options(process.argv.slice(2));
  if (!wanted) {
    console.error("usage: run.mjs PROGRAM [--operations N] [--seed N] [--case N] [--peers LIST] [--share N] [--all]");
    return 2;
  }
  const page = readFileSync(new URL("../../docs/engine.md", import.meta.url), "utf8");
  const untold = entries.filter((entry) => !page.includes(`\`${entry.id}\``)).map((entry) => entry.id);
  if (untold.length > 0) {
    console.error(`docs/engine.md does not tell of: ${[...new Set(untold)].join(", ")}`);
    return 1;
  }
  const lanes = 8;
  let peers;
  try {
    peers = await Promise.all(wanted.peers.map((name) => HttpEngine.start(name, lanes * 2)));
  } catch (error) {
    if (error.code !== 3) throw error;
    console.log("skipped: the peers are not installed (./dev setup)");
    process.exit(77);
  }
  const ours = new PipeEngine(wanted.program);
  const comparison = new Comparison(ours, peers);
  console.log(`seed ${wanted.seed}`);
  const cases = wanted.case === undefined ? Math.ceil(wanted.operations / operationsPerCase) : 1;
  const seen = new Map();
  let next = 0;
  let failed = 0;
  const began = Date.now();
  const lane = async () => {
    while (next < cases && (failed === 0 || wanted.all)) {
      const number = wanted.case ?? next;
      next += 1;
      const old = number % wanted.share === 0;
      const { table, operations } = makeCase(wanted.seed, number, !old);
      const chosen = peers.filter((peer) => peer.name !== "dynamodb-local" || old);
      const found = await comparison.play(table, operations, chosen, !wanted.all);
      failed += found.length;
      for (const difference of found) {
        // One of each kind.
        const shape = (side) => (side?.message ?? side?.type ?? (typeof side === "string" ? "" : "200")).replace(/case\d+|[0-9]+|"[^"]*"/g, "_").slice(0, 70);
        const kind = [difference.peer, difference.part, difference.operation.name, shape(difference.ours), shape(difference.theirs)].join(" | ");
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        if (seen.get(kind) === 1) {
          const list = wanted.all ? [difference.operation] : await comparison.minimise(table, operations, difference);
          report(difference, wanted.seed, number, list);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: wanted.case === undefined ? lanes : 1 }, lane));
  for (const [kind, count] of [...seen].sort((a, b) => b[1] - a[1])) console.log(`${count} x ${kind}`);
  for (const [id, count] of [...comparison.counts].sort()) console.log(`known: ${id}: ${count}`);
  console.log(`${comparison.compared} operations in ${Math.round((Date.now() - began) / 1000)} s, ${failed} unknown differences`);
  for (const engine of [ours, ...peers]) engine.stop();
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
