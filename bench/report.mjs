// Medians of a client benchmark as a table; --write replaces the part of docs/benchmarks.md that PART marks.
//   node bench/report.mjs RESULTS PART [--write]
import { readFileSync } from "node:fs";
import os from "node:os";
import { writePart } from "./write_part.mjs";

const [file, part, write] = process.argv.slice(2);
const rows = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const operations = [...new Set(rows.map((row) => row.operation))];
const clients = [...new Set(rows.map((row) => row.client))];
const figure = (client, operation, member) =>
  median(
    rows
      .filter((row) => row.client === client && row.operation === operation)
      .map((row) => row[member] / row.items),
  );

const lines = ["| operation | client | CPU us/item | times ours | wall us/item |", "| --- | --- | ---: | ---: | ---: |"];
for (const operation of operations) {
  for (const client of clients) {
    if (!rows.some((row) => row.client === client && row.operation === operation)) continue;
    const cpu = figure(client, operation, "cpu_us");
    const ratio = cpu / figure(clients[0], operation, "cpu_us");
    const wall = figure(client, operation, "wall_us");
    lines.push(`| ${operation} | ${client} | ${cpu.toFixed(2)} | ${ratio.toFixed(1)} | ${wall.toFixed(2)} |`);
  }
}
const runs = rows.filter((row) => row.client === clients[0] && row.operation === operations[0]).length;
const table = `${lines.join("\n")}\n\nMedians of ${runs} runs in turn; ${os.cpus().length} cores, ${os.cpus()[0].model}, Node ${process.version}.`;
console.log(table);

if (write === "--write") writePart(part, table);
