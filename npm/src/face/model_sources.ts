/** Where the models of initModels come from. */
import type { ModelClass } from "../types.js";
import type { BaoConfig } from "./config.js";
import { ConfigurationError } from "./errors.js";
import { isModelClass } from "./model_manager.js";
import { platform } from "./platform.js";

const noFiles = "Filesystem not available. Please provide models directly using the 'models' config option.";

export function findModels(config: BaoConfig): ReadonlyMap<string, ModelClass> {
  if (config.models !== undefined && config.models !== null) return modelsOf(config.models, "models");
  const { files } = platform();
  if (files === undefined) throw new ConfigurationError(noFiles);
  const manifest = config.paths?.generatedModelsManifest;
  if (manifest) return modelsOf(files.loadManifest(manifest), manifest);
  const folder = config.paths?.modelsDir || platform().environment()["MODELS_DIR"];
  if (!folder) {
    throw new ConfigurationError(
      "No models: give initModels the option 'models', paths.generatedModelsManifest or paths.modelsDir (or set MODELS_DIR)",
    );
  }
  return modelsInFolder(files.loadModels(folder), folder);
}

function modelsOf(given: unknown, source: string): ReadonlyMap<string, ModelClass> {
  if (typeof given !== "object" || given === null) throw new ConfigurationError(`${source} must be an object of model classes`);
  const models = new Map<string, ModelClass>();
  for (const [name, model] of Object.entries(unwrapped(given))) models.set(name, model as ModelClass);
  return models;
}

// A CommonJS manifest that was imported as a namespace has its models one level deeper.
function unwrapped(given: object): object {
  const inner = (given as { default?: unknown }).default;
  return typeof inner === "object" && inner !== null ? unwrapped(inner) : given;
}

function modelsInFolder(loaded: { file: string; exports: unknown }[], folder: string): ReadonlyMap<string, ModelClass> {
  const models = new Map<string, ModelClass>();
  for (const { exports } of loaded) {
    if (isModelClass(exports)) models.set(exports.name, exports);
    else if (typeof exports === "object" && exports !== null) addExported(exports, models);
  }
  if (models.size === 0) throw new ConfigurationError(`No models in ${folder}: no file there exports a class that extends BaoModel`);
  return models;
}

function addExported(exports: object, models: Map<string, ModelClass>): void {
  for (const [name, model] of Object.entries(exports)) {
    if (isModelClass(model)) models.set(name === "default" ? model.name : name, model);
  }
}
