/** What the bins share: arguments, help, errors, exit codes (0 done, 1 failed, 2 wrong arguments). */
import { readFileSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { Failure, UsageError } from "./failure.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

export interface CommandLine {
  values: { [name: string]: string | boolean | undefined };
  positionals: string[];
}

export interface Command {
  name: string;
  /** Without the options that every bin has. */
  help: string;
  options?: Options;
  /** Their names, as messages say them. */
  positionals: readonly string[];
  run(line: CommandLine): Promise<void> | void;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function parse(command: Command, args: string[]): CommandLine {
  let line: CommandLine;
  try {
    const options: Options = { ...command.options, help: { type: "boolean", short: "h" }, version: { type: "boolean" } };
    line = parseArgs({ args, options, allowPositionals: true, strict: true }) as unknown as CommandLine;
  } catch (error) {
    // Node's own text goes on with advice that does not fit here.
    throw new UsageError((error as Error).message.split(". ")[0] ?? "wrong arguments");
  }
  const extra = line.positionals[command.positionals.length];
  if (extra !== undefined) throw new UsageError(`the argument '${extra}' is one too many`);
  // A mistake of a script ("$TABLE" where nothing is set): no bin may take it for an argument that was left out.
  const given = [...line.positionals.map((value, i) => [command.positionals[i], value]), ...Object.entries(line.values).map(([name, value]) => [`--${name}`, value])];
  for (const [name, value] of given) if (value === "") throw new UsageError(`${name as string} must not be empty`);
  return line;
}

/** One of these words, or nothing where the option was not given. */
export function choice<Word extends string>(line: CommandLine, option: string, words: readonly Word[]): Word | undefined {
  const value = line.values[option];
  if (value === undefined || words.includes(value as Word)) return value as Word | undefined;
  throw new UsageError(`--${option} must be ${words.join(" or ")}, not '${value}'`);
}

export function printError(name: string, error: unknown): void {
  if (error instanceof Failure && Array.isArray(error.lines)) {
    const [last, ...mistakes] = [...(error.lines as string[])].reverse();
    for (const mistake of mistakes.reverse()) process.stderr.write(`${mistake}\n`);
    process.stderr.write(`${name}: ${last}\n`);
    return;
  }
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  // What the service said, where the error is one of its own.
  const { serviceText } = error as { serviceText?: string };
  if (serviceText) process.stderr.write(`${name}: ${serviceText}\n`);
}

/** Runs a bin. Sets the exit code; does not end the process, so that what is written gets out. */
export async function main(command: Command, args = process.argv.slice(2)): Promise<void> {
  try {
    const line = parse(command, args);
    if (line.values["help"]) {
      process.stdout.write(`${command.help.trim()}\n  -h, --help\n  --version\n`);
    } else if (line.values["version"]) {
      process.stdout.write(`${command.name} ${version()}\n`);
    } else {
      await command.run(line);
    }
  } catch (error) {
    printError(command.name, error);
    if (error instanceof UsageError) process.stderr.write(`${command.name}: see \`${command.name} --help\`\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
