import { codegenOptions, moduleSystemWarning, runCodegen, summaryLine } from "./codegen.js";
import { choice, type Command, type CommandLine } from "./command.js";
import { loadConfig } from "./config.js";

export const codegenArguments = {
  lang: { type: "string" },
  modules: { type: "string" },
} as const;

export const codegenHelp = `
  definitions   a YAML file, or a folder of them (default: paths.modelDefinitionsPath of the configuration, else models.yaml)
  output        the folder to write to (default: paths.modelsDir of the configuration, else models)
  --lang        js, ts or cpp (default: codegen.language of the configuration, else js)
  --modules     commonjs or esm (default: codegen.moduleSystem of the configuration, else as the nearest package.json says)`;

/** The options that arguments and configuration make. */
export async function readCodegenOptions(line: CommandLine) {
  return codegenOptions(await loadConfig(), {
    definitions: line.positionals[0],
    output: line.positionals[1],
    language: choice(line, "lang", ["js", "ts", "cpp"]),
    modules: choice(line, "modules", ["commonjs", "esm"]),
  });
}

export const baoCodegen: Command = {
  name: "bao-codegen",
  help: `bao-codegen [definitions] [output] [options]: writes model classes from YAML definitions${codegenHelp}`,
  options: codegenArguments,
  positionals: ["definitions", "output"],
  async run(line) {
    const options = await readCodegenOptions(line);
    const warning = moduleSystemWarning(options);
    if (warning !== undefined) process.stderr.write(`bao-codegen: note: ${warning}\n`);
    process.stdout.write(`${summaryLine(options.output, runCodegen(options))}\n`);
  },
};
