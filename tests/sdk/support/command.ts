/** The commands of `bao` that end by themselves. */
import { spawn } from "node:child_process";
import { program } from "./bao.ts";

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `bao ARGUMENT...` with nothing of AWS in its environment but keys; `input` goes to its standard input. */
export function bao(args: string[], options: { input?: string; cwd?: string } = {}): Promise<Ended> {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program(), ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (err += chunk));
  // The program may end before it has read all.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}
