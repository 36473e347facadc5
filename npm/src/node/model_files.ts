/** The models of a program that names files or a folder of them. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { ConfigurationError } from "../face/errors.js";
import type { Files } from "../face/platform.js";
import type { ModelClass } from "../types.js";

type IsModel = (value: unknown) => value is ModelClass;

export const findModels: Files["findModels"] = ({ generatedModelsManifest: manifest, modelsDir }, isModel) => {
  if (manifest) return { models: loadManifest(manifest), source: manifest };
  const folder = modelsDir || process.env["MODELS_DIR"];
  if (!folder) {
    throw new ConfigurationError(
      "No models: give initModels the option 'models', paths.generatedModelsManifest or paths.modelsDir (or set MODELS_DIR)",
    );
  }
  return { models: modelsInFolder(folder, isModel), source: folder };
};

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

function loadManifest(path: string): unknown {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigurationError(`The manifest ${path} does not exist: run bao-codegen first`);
  return load(file);
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

function modelsInFolder(folder: string, isModel: IsModel): Record<string, ModelClass> {
  const path = resolve(folder);
  if (!existsSync(path)) throw new ConfigurationError(`The folder of models ${folder} does not exist`);
  const models: Record<string, ModelClass> = {};
  for (const file of modelFiles(path)) {
    const exports = load(file);
    const named = typeof exports === "object" && exports !== null ? Object.entries(exports) : [["default", exports] as const];
    for (const [name, model] of named) if (isModel(model)) models[name === "default" ? model.name : name] = model;
  }
  if (Object.keys(models).length === 0) throw new ConfigurationError(`No models in ${folder}: no file there exports a class that extends BaoModel`);
  return models;
}
