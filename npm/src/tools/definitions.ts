import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { type Mistake, parseYaml, type Tree, type TreeNode } from "./yaml_tree.js";

const fileBytesMax = 4 << 20;
const filesMax = 10_000;

export interface Definitions {
  trees: Tree[];
  mistakes: Mistake[];
}

const whole = (file: string, message: string): Mistake => ({ file, line: 0, message });

/** Whether a file in a folder of definitions is one, by its name. Hidden ones are the editors' own (`.#models.yaml`). */
export const isDefinitionFile = (name: string): boolean => !name.startsWith(".") && [".yaml", ".yml"].includes(extname(name));

/** The definition files at a path: itself, or each definition file of the folder (not of its subfolders), sorted. */
export function definitionFiles(path: string): string[] | Mistake {
  if (!existsSync(path)) return whole(path, "there is no such file or folder");
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && isDefinitionFile(entry.name))
    .map((entry) => entry.name);
  if (names.length > filesMax) return whole(path, `the folder has more than ${filesMax} files`);
  if (names.length === 0) return whole(path, "the folder has no .yaml or .yml file");
  // By their bytes, not by a locale: the order of models must not depend on the machine.
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(path, name));
}

function read(file: string): Tree | Mistake {
  try {
    const status = statSync(file);
    if (!status.isFile()) return whole(file, "is not a file");
    if (status.size > fileBytesMax) return whole(file, `the file is larger than ${fileBytesMax >> 20} MiB`);
    return parseYaml(readFileSync(file), file);
  } catch (error) {
    return whole(file, `the file cannot be read: ${(error as Error).message}`);
  }
}

/** The YAML files at a path, parsed. Never throws for bad input: what is wrong is in the list. */
export function readDefinitions(path: string): Definitions {
  const files = definitionFiles(path);
  if (!Array.isArray(files)) return { trees: [], mistakes: [files] };
  const definitions: Definitions = { trees: [], mistakes: [] };
  for (const file of files) {
    const result = read(file);
    if ("root" in result) definitions.trees.push(result);
    else definitions.mistakes.push(result);
  }
  return definitions;
}

const member = (node: TreeNode | undefined, key: string): TreeNode | undefined => node?.m?.find((child) => child.k === key);

/** Whether a model of these definitions has a map `searchable`. Whether all of it is right is for bao-codegen to say. */
export function anySearchable(definitions: Definitions): boolean {
  const models = definitions.trees.flatMap((tree) => member(tree.root, "models")?.m ?? []);
  return models.some((model) => member(model, "searchable")?.m !== undefined);
}
