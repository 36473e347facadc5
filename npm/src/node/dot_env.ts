/** The lines `NAME=value` of a `.env` file. Values may be in quotes; in double ones \n is a line break. */
export function parseDotEnv(text: string): [string, string][] {
  const variables: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line);
    if (match) variables.push([match[1]!, valueOf(match[2]!)]);
  }
  return variables;
}

function valueOf(text: string): string {
  const quoted = /^(["'`])(.*?)\1\s*(?:#.*)?$/.exec(text);
  if (quoted === null) return text.replace(/\s+#.*$/, "").trim();
  return quoted[1] === '"' ? quoted[2]!.replace(/\\n/g, "\n").replace(/\\r/g, "\r") : quoted[2]!;
}
