/** What a bin reports to its user in plain lines, without a stack; the exit code is 1. */
export class Failure extends Error {
  constructor(readonly lines: string | readonly string[]) {
    super(typeof lines === "string" ? lines : lines.join("\n"));
  }
}

/** Wrong arguments: the exit code is 2. */
export class UsageError extends Failure {}
