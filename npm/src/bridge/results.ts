/** Results of calls as the module writes them (src/wasm/results.hpp) to those of the contract. */
import type { Found, FoundMany, IterationBatch, Page, Row, SearchFound } from "./contract.js";

/** Entry, row (null: no item; 0: given before), id, read and write units. */
type RawFound = [number, Row | null | 0, string, number, number];

export function foundOf(raw: unknown): Found {
  const [entry, row, id, read, write] = raw as RawFound;
  return { entry, row: row === 0 ? undefined : row, id, capacity: { read, write } };
}

export function foundManyOf(raw: unknown): FoundMany {
  const [items, read, write, requests] = raw as [RawFound[], number, number, number];
  return {
    items: items.map((item) => ({ id: item[2], found: foundOf(item) })),
    capacity: { read, write },
    requests,
  };
}

export function iterationBatchOf(raw: unknown): IterationBatch {
  const [, , , , bucket, startKey, ended] = raw as [unknown, unknown, unknown, unknown, number, Record<string, unknown> | null, boolean];
  const { items, capacity } = foundManyOf(raw);
  return { items, capacity, next: { bucket, startKey, ended } };
}

export function searchFoundOf(raw: unknown): SearchFound {
  const { items, capacity } = foundManyOf(raw);
  return { items, capacity, cursor: (raw as string[])[4] || null };
}

export function pageOf(raw: unknown): Page {
  const [rows, count, last, read, write] = raw as [[string, Row][], number, Record<string, unknown> | null, number, number];
  return {
    rows: rows.map(([id, row]) => ({ id, row })),
    count,
    lastEvaluatedKey: last ?? undefined,
    capacity: { read, write },
  };
}

export function tableReportOf(raw: unknown): { addedIndexes: string[]; ttl: boolean } {
  const [addedIndexes, ttl] = raw as [string[], boolean];
  return { addedIndexes, ttl };
}
