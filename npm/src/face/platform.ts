/**
 * What the face needs of the runtime it runs in. Each entry of the package provides its own before anything else.
 */
import type { Credentials } from "../bridge/contract.js";

export interface Storage<T> {
  getStore(): T | undefined;
  run<R>(store: T, callback: () => R): R;
}
export type StorageClass = new <T>() => Storage<T>;

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What only a runtime with files can do. */
export interface Files {
  /** Sets what a `.env` file in the working directory says and the environment does not. */
  loadDotEnv(): void;
  /** The default export of a manifest, or what a folder's files export, by file. */
  loadManifest(path: string): unknown;
  loadModels(folder: string): { file: string; exports: unknown }[];
  /** Region and credentials of a profile in ~/.aws; undefined where there are none. */
  readProfile(environment: Environment): { region?: string | undefined; credentials?: Credentials | undefined };
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
