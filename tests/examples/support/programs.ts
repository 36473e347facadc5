/** Where the programs are, and the service of examples/rest as a process on a port that the system chooses. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../../..");

/** A file of examples/. */
export const example = (path: string): string => join(root, "examples", path);

/** A program of the build BAO_EXAMPLES_BUILD, or of the first that has it: "rest/notes". */
export function program(path: string): string {
  const given = process.env.BAO_EXAMPLES_BUILD;
  const builds = given !== undefined ? [given] : ["release/examples", "debug/examples"].map((build) => join(root, "build", build));
  const found = builds.map((build) => join(build, path)).find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no ${path} in ${builds.join(" or ")}`);
  return found;
}

export interface Notes {
  url: URL;
  child: ChildProcess;
  /** What it said on standard error. */
  complaint(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export async function startNotes(environment: Record<string, string>): Promise<Notes> {
  // The kernel kills the service when the test's process dies, however it dies.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program("rest/notes")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any", PORT: "0", ...environment },
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => (complaint += chunk));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then(({ code }) => Promise.reject(new Error(`notes ended with ${code}: ${complaint}`))),
  ]);
  return { url: new URL(line.replace("notes: ", "")), child, complaint: () => complaint, ended };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: any;
}

export async function ask(base: URL, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(new URL(path, base), { method, headers, ...(text !== undefined && { body: text }) });
  const answered = await response.text();
  return { status: response.status, headers: response.headers, body: answered === "" ? undefined : JSON.parse(answered) };
}
