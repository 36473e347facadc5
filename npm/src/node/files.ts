/** What only Node can: `.env`, models in folders, profiles in ~/.aws. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Files } from "../face/platform.js";
import { parseDotEnv } from "./dot_env.js";
import { findModels } from "./model_files.js";
import { readProfile } from "./profiles.js";

export const nodeFiles: Files = {
  loadDotEnv() {
    const file = resolve(".env");
    if (!existsSync(file)) return;
    for (const [name, value] of parseDotEnv(readFileSync(file, "utf8"))) process.env[name] ??= value;
  },

  findModels,

  profileRegion(environment) {
    // A profile that cannot be read matters only where credentials are wanted from it.
    try {
      return readProfile(environment).region;
    } catch {
      return undefined;
    }
  },

  profileCredentials: (environment) => readProfile(environment).credentials,
  credentialsHint: ", or have a profile in ~/.aws/credentials",
};
