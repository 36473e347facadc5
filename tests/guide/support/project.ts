/** Projects made of the guide's samples and of harness files around them, and what is done with them on a command line. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { inject } from "vitest";

const here = join(import.meta.dirname, "..");
const samples = join(here, "samples");
const harness = join(here, "harness");

/** The wranglers of the guide's time (`^3.0.0`) and of today, by their folder in node_modules. */
export const wranglers = ["wrangler3", "wrangler"] as const;
export type Wrangler = (typeof wranglers)[number];

export function wranglerFolder(wrangler: Wrangler): string {
  return join(here, "node_modules", wrangler);
}

export interface ProjectParts {
  /** Path in the project -> a sample's file or folder. */
  files: Record<string, string>;
  /**
   * A folder of harness/, laid over them. In its files a line `//> NAME` or `#> NAME` stands for the text of the
   * sample `fragments/NAME`.
   */
  around?: string;
  fragments?: string;
}

export function makeProject({ files, around, fragments = "" }: ProjectParts): string {
  const folder = mkdtempSync(join(inject("scratch"), `${(fragments || around) ?? "sample"}-`));
  for (const [path, sample] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(samples, sample), join(folder, path), { recursive: true });
  }
  if (around !== undefined) {
    for (const path of filesBelow(join(harness, around))) {
      const text = readFileSync(join(harness, around, path), "utf8");
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const sampleText = (_: string, name: string) => readFileSync(join(samples, fragments, name), "utf8");
      writeFileSync(join(folder, path), text.replace(/^(?:\/\/|#)> (\S+)\n/gm, sampleText));
    }
  }
  return folder;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => statSync(join(folder, path)).isFile());
}

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in the project as npm scripts and npx do: with node_modules/.bin in front of the path. */
export function run(folder: string, command: string, environment: Record<string, string> = {}): Promise<Finished> {
  const bins = join(inject("scratch"), "node_modules/.bin");
  const options = {
    cwd: folder,
    timeout: 60_000,
    // Offline: npx must not look elsewhere for a bin that the package lacks.
    env: { PATH: `${bins}:${process.env.PATH ?? ""}`, HOME: folder, npm_config_offline: "true", ...environment },
  };
  return new Promise((resolve) => {
    execFile("bash", ["-c", command], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

export interface Bundle {
  folder: string;
  /** What wrangler printed. */
  output: string;
}

/** Bundles the project by `wrangler deploy --dry-run`, with its own wrangler.toml. Throws with what wrangler printed where it fails. */
export async function bundle(project: string, wrangler: Wrangler): Promise<Bundle> {
  const folder = join(project, `out-${wrangler}`);
  const program = join(wranglerFolder(wrangler), "bin/wrangler.js");
  const done = await run(project, `node ${program} deploy --dry-run --outdir ${relative(project, folder)}`, {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true", // with the banner it would look for a newer version
    CI: "1",
    NO_COLOR: "1",
    NODE_ENV: "production", // wrangler 4's own default, which wrangler 3 does not have and Vitest hides
  });
  const output = done.stdout + done.stderr;
  if (done.code !== 0) throw new Error(`${wrangler} failed on ${project}:\n${output}`);
  if (/wasn't found|is built into node/.test(output)) throw new Error(`${wrangler} warns of the bundle:\n${output}`);
  return { folder, output };
}
