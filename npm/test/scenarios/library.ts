/** The package that scenarios run: its sources here; tests/guide puts the packed package in this file's place. */
export * from "../support/node.js";
