/** The commands of `bao` as processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { program } from "./bao.ts";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

interface Options {
  input?: string;
  cwd?: string;
  /** Its standard input does not end. */
  keepOpen?: boolean;
  /** A file that its standard output goes to. */
  outTo?: string;
}

/** Starts `bao ARGUMENT...` with nothing of AWS in its environment but keys; `input` goes to its standard input. */
export function startCommand(args: string[], options: Options = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const outTo = options.outTo === undefined ? "pipe" : openSync(options.outTo, "w");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program(), ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
    stdio: ["pipe", outTo, "pipe"],
  });
  if (outTo !== "pipe") closeSync(outTo);
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  child.stderr!.setEncoding("utf8").on("data", (chunk) => (err += chunk));
  // The program may end before it has read all.
  child.stdin!.on("error", () => {});
  if (!options.keepOpen) child.stdin!.end(options.input ?? "");
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended };
}

/** Runs it to its end. */
export function bao(args: string[], options: Options = {}): Promise<Ended> {
  return startCommand(args, options).ended;
}
