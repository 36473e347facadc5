/** `wrangler dev` on a free loopback port. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { type Wrangler, wranglerFolder } from "./project.ts";

export interface DevServer {
  url: URL;
  stop(): Promise<void>;
}

const secondsToStart = 60;

export async function startDevServer(project: string, wrangler: Wrangler, vars: Record<string, string> = {}): Promise<DevServer> {
  // What wrangler would else ask Cloudflare for: the data of a made-up visitor.
  mkdirSync(join(project, "node_modules/.mf"), { recursive: true });
  writeFileSync(join(project, "node_modules/.mf/cf.json"), "{}");
  const more = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const child = spawn(
    process.execPath,
    [join(wranglerFolder(wrangler), "bin/wrangler.js"), "dev", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0", ...more],
    {
      cwd: project,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a process group, so that workerd ends with it
      env: {
        PATH: process.env.PATH,
        HOME: inject("scratch"),
        CI: "1",
        NO_COLOR: "1",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_HIDE_BANNER: "true", // with the banner it would look for a newer version
      },
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    try {
      process.kill(-(child.pid as number), "SIGTERM");
    } catch {
      // it has ended by itself
    }
    await ended;
  };
  let output = "";
  const url = await new Promise<URL | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), secondsToStart * 1000);
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (ready?.[1] !== undefined) {
        clearTimeout(timer);
        resolve(new URL(ready[1]));
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    void ended.then(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
  if (url === undefined) {
    await stop();
    throw new Error(`${wrangler} dev did not come up:\n${output}`);
  }
  return { url, stop };
}
