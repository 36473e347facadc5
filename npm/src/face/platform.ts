/**
 * What the face needs of the runtime it runs in. Each entry of the package provides its own before anything else.
 */
import type { Credentials } from "../bridge/contract.js";
import type { ModelClass } from "../types.js";

export interface Storage<T> {
  getStore(): T | undefined;
  run<R>(store: T, callback: () => R): R;
}
export type StorageClass = new <T>() => Storage<T>;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ModelPaths {
  modelsDir?: string | undefined;
  generatedModelsManifest?: string | undefined;
}

/** What only a runtime with files can do. It is not part of what Workers load. */
export interface Files {
  /** Sets what a `.env` file in the working directory says and the environment does not. */
  loadDotEnv(): void;
  /** What a manifest exports, or the model classes of a folder's files; and which. */
  findModels(paths: ModelPaths, isModel: (value: unknown) => value is ModelClass): { models: unknown; source: string };
  /** Of a profile in ~/.aws; undefined where there are none. */
  profileRegion(environment: Environment): string | undefined;
  profileCredentials(environment: Environment): Credentials | undefined;
  /** What an error says of profiles. */
  credentialsHint: string;
}

export interface Platform {
  /** AsyncLocalStorage; a promise where it is still being loaded; undefined where there is none. */
  storage: StorageClass | undefined | Promise<StorageClass | undefined>;
  environment(): Environment;
  files: Files | undefined;
}

let current: Platform | undefined;

export function providePlatform(platform: Platform): void {
  current ??= platform;
}

export function platform(): Platform {
  if (current === undefined) throw new Error("dynamo-bao was loaded without one of its entries");
  return current;
}
