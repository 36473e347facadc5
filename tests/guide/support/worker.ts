/** A bundle in workerd, started as wrangler would: with the settings and vars of the project's wrangler.toml. */
import { readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { Miniflare, MiniflareOptions } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { type Bundle, bundle, type Wrangler, wranglerFolder } from "./project.ts";

export interface Worker {
  url: URL;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** What the worker and workerd printed so far. */
  lines: string[];
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Added to the vars of wrangler.toml, as secrets are. */
  bindings?: Record<string, string>;
  /** An environment of wrangler.toml. */
  environment?: string;
  /** In place of what wrangler.toml says. */
  compatibilityFlags?: string[];
  compatibilityDate?: string;
}

/** Bundles and starts the project. */
export async function startWorker(project: string, wrangler: Wrangler, options: WorkerOptions = {}): Promise<Worker> {
  return startBundle(project, await bundle(project, wrangler), wrangler, options);
}

export async function startBundle(project: string, built: Bundle, wrangler: Wrangler, options: WorkerOptions = {}): Promise<Worker> {
  const config = unstable_readConfig({ config: join(project, "wrangler.toml"), env: options.environment }, { hideWarnings: true });
  const lines: string[] = [];
  const modules = readdirSync(built.folder)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js"))) // the first one is the worker
    .map((name) => ({ type: name.endsWith(".js") ? ("ESModule" as const) : ("CompiledWasm" as const), path: join(built.folder, name) }));
  const settings: MiniflareOptions = {
    modules,
    modulesRoot: built.folder,
    compatibilityDate: options.compatibilityDate ?? config.compatibility_date ?? "",
    compatibilityFlags: options.compatibilityFlags ?? config.compatibility_flags,
    bindings: { ...(config.vars as Record<string, string>), ...options.bindings },
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) createInterface(stream).on("line", (line) => lines.push(line));
    },
  };
  const miniflare = new (await miniflareOf(wrangler))(settings);
  const url = await miniflare.ready.catch(async (error: Error) => {
    await miniflare.dispose().catch(() => undefined);
    throw new Error(`workerd refused the bundle: ${error.message}\n${lines.join("\n")}`);
  });
  return {
    url,
    lines,
    // Over a socket, as clients come: each call may be aborted.
    fetch: (path, init) => fetch(new URL(path, url), init),
    stop: () => miniflare.dispose(),
  };
}

/** Each wrangler brings the Miniflare, and so the workerd, of its time. */
async function miniflareOf(wrangler: Wrangler): Promise<typeof Miniflare> {
  const from = createRequire(join(realpathSync(wranglerFolder(wrangler)), "package.json"));
  const module = (await import(pathToFileURL(from.resolve("miniflare")).href)) as { Miniflare: typeof Miniflare };
  return module.Miniflare;
}
