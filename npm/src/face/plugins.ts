import type { HookOptions, ModelClass, Plugin } from "../types.js";
import { ConfigurationError } from "./errors.js";
import { refuseStrange } from "./options.js";
import { sameName } from "./shape.js";

type HookName = "beforeSave" | "afterSave" | "beforeDelete" | "afterDelete";

/** What else a plugin has is its own. */
const members: (keyof Plugin)[] = ["beforeSave", "afterSave", "beforeDelete", "afterDelete", "methods"];

const plugins = new WeakMap<ModelClass, Plugin[]>();

export function registerPlugin(model: ModelClass, plugin: Plugin): void {
  if (typeof plugin !== "object" || plugin === null) throw new ConfigurationError(`${model.name}: a plugin is an object`, model.name);
  refuseStrange("ConfigurationError", model.name, plugin, members, true);
  for (const name in plugin.methods ?? {}) if (Object.hasOwn(model.fields, name)) throw sameName(model, name);
  const list = plugins.get(model);
  if (list === undefined) plugins.set(model, [plugin]);
  else list.push(plugin);
  for (const [name, method] of Object.entries(plugin.methods ?? {})) {
    Object.defineProperty(model.prototype, name, { value: method, configurable: true, writable: true });
  }
}

/** Runs the hooks of a model's plugins, in order; one that throws stops the write. */
export async function runHooks(model: ModelClass, hook: HookName, subject: any, options: HookOptions): Promise<void> {
  for (const plugin of plugins.get(model) ?? []) await plugin[hook]?.(subject, options);
}
