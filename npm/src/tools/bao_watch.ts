import { existsSync, type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { codegenArguments, codegenHelp, readCodegenOptions } from "./bao_codegen.js";
import { type CodegenOptions, runCodegen, summaryLine } from "./codegen.js";
import { type Command, printError } from "./command.js";
import { isDefinitionFile } from "./definitions.js";
import { Failure } from "./failure.js";

/** Editors write a file in several steps. */
const debounceMs = 100;

function now(options: CodegenOptions): void {
  try {
    process.stdout.write(`${summaryLine(options.output, runCodegen(options))}\n`);
  } catch (error) {
    printError("bao-watch", error);
  }
}

/** The folder to watch, and which of its files count. A file's folder is watched, as editors replace files. */
function watched(definitions: string): { folder: string; counts: (name: string) => boolean } {
  const path = resolve(definitions);
  if (existsSync(path) && statSync(path).isDirectory()) {
    return { folder: path, counts: isDefinitionFile };
  }
  if (!existsSync(dirname(path))) throw new Failure(`${dirname(path)}: there is no such folder`);
  return { folder: dirname(path), counts: (name) => name === basename(path) };
}

/** Generates now and after each change of the definitions, until the watcher is closed. Mistakes are reported, and it goes on. */
export function watchDefinitions(options: CodegenOptions): FSWatcher {
  const { folder, counts } = watched(options.definitions);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, (_event, name) => {
    // Some systems do not tell which file it was.
    if (name !== null && !counts(name)) return;
    clearTimeout(timer);
    timer = setTimeout(now, debounceMs, options);
  });
  watcher.on("close", () => clearTimeout(timer));
  now(options);
  return watcher;
}

export const baoWatch: Command = {
  name: "bao-watch",
  help: `bao-watch [definitions] [output] [options]: as bao-codegen, now and whenever the definitions change${codegenHelp}`,
  options: codegenArguments,
  positionals: ["definitions", "output"],
  async run(line) {
    const options = await readCodegenOptions(line);
    const watcher = watchDefinitions(options);
    process.stdout.write(`watching ${options.definitions}; Ctrl+C ends it\n`);
    await new Promise<void>((done, fail) => {
      watcher.on("error", fail);
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
    });
    watcher.close();
  },
};
