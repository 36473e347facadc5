import { createInterface } from "node:readline";

/** One line of the user's, or undefined where the input has ended. */
export function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((answered) => {
    lines.once("close", () => answered(undefined));
    lines.question(question, (answer) => {
      answered(answer);
      lines.close();
    });
  });
}
