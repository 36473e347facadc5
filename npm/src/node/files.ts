/** What only Node can: `.env`, models in folders, profiles in ~/.aws. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { ConfigurationError } from "../face/errors.js";
import type { Files } from "../face/platform.js";
import { parseDotEnv } from "./dot_env.js";
import { readProfile } from "./profiles.js";

/** Loads CommonJS files, and ES modules where Node can do that synchronously (20.19, 22.12 and later). */
function load(file: string): unknown {
  try {
    return createRequire(file)(file) as unknown;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_REQUIRE_ESM") {
      throw new ConfigurationError(`${file} is an ES module, which this version of Node cannot load here: import it, and give initModels the option 'models'`);
    }
    throw error;
  }
}

function modelFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : modelFiles(path);
      return /\.(js|cjs|mjs)$/.test(entry.name) ? [path] : [];
    });
}

export const nodeFiles: Files = {
  loadDotEnv() {
    const file = resolve(".env");
    if (!existsSync(file)) return;
    for (const [name, value] of parseDotEnv(readFileSync(file, "utf8"))) process.env[name] ??= value;
  },

  loadManifest(path) {
    const file = resolve(path);
    if (!existsSync(file)) throw new ConfigurationError(`The manifest ${path} does not exist: run bao-codegen first`);
    return load(file);
  },

  loadModels(folder) {
    const path = resolve(folder);
    if (!existsSync(path)) throw new ConfigurationError(`The folder of models ${folder} does not exist`);
    return modelFiles(path).map((file) => ({ file, exports: load(file) }));
  },

  readProfile,
};
