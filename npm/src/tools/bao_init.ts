import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./command.js";
import { moduleSystemOf } from "./config.js";
import { Failure } from "./failure.js";
import type { ModuleSystem } from "./module.js";
import { ask } from "./prompt.js";

export interface InitAnswers {
  tableName: string;
  region: string;
}

const defaults: InitAnswers = { tableName: "dynamo-bao-dev", region: "us-west-2" };

const models = `# The models: npx bao-codegen models.yaml ./models
models:
  User:
    modelPrefix: u
    fields:
      userId: { type: UlidField, autoAssign: true }
      name: { type: StringField, required: true }
      email: { type: StringField, required: true }
      createdAt: { type: CreateDateField }
    primaryKey: { partitionKey: userId }
    uniqueConstraints:
      uniqueEmail: { field: email, uniqueConstraintId: uc1 }

  Post:
    modelPrefix: p
    fields:
      postId: { type: UlidField, autoAssign: true }
      userId: { type: RelatedField, model: User, required: true }
      title: { type: StringField, required: true }
      createdAt: { type: CreateDateField }
    primaryKey: { partitionKey: postId }
    indexes:
      # user.queryPosts()
      postsForUser: { partitionKey: userId, sortKey: createdAt, indexId: gsi1 }
`;

function configText({ tableName, region }: InitAnswers, modules: ModuleSystem): string {
  return `${modules === "esm" ? "export default" : "module.exports ="} {
  aws: { region: ${JSON.stringify(region)} },
  db: { tableName: ${JSON.stringify(tableName)} },
  paths: { modelDefinitionsPath: "models.yaml", modelsDir: "models" },
};
`;
}

function environmentText({ tableName, region }: InitAnswers): string {
  return `# Copy to .env. What is set here or in the environment serves where the configuration says nothing.
AWS_REGION=${region}
AWS_ACCESS_KEY_ID=
AWS_SECRET_ACCESS_KEY=
TABLE_NAME=${tableName}
# A table in memory, for a first try: DYNAMO_BAO_ENDPOINT=memory:
`;
}

/** Writes what a new project needs; files that are there stay as they are. Gives a line for each. */
export function initProject(folder: string, answers: InitAnswers): string[] {
  const files: [string, string][] = [
    ["models.yaml", models],
    ["dynamo-bao.config.js", configText(answers, moduleSystemOf(folder))],
    [".env.example", environmentText(answers)],
  ];
  return files.map(([name, text]) => {
    const path = join(folder, name);
    if (existsSync(path)) return `${name} is there already`;
    try {
      writeFileSync(path, text, { flag: "wx" });
    } catch (error) {
      throw new Failure((error as Error).message);
    }
    return `wrote ${name}`;
  });
}

async function askFor(what: string, initial: string): Promise<string> {
  const answer = await ask(`${what} [${initial}]: `);
  if (answer === undefined) throw new Failure("nothing was written: there was no answer (--yes takes the defaults)");
  return answer.trim() || initial;
}

async function askAll(): Promise<InitAnswers> {
  const tableName = await askFor("Name of the DynamoDB table", defaults.tableName);
  return { tableName, region: await askFor("AWS region", defaults.region) };
}

export const baoInit: Command = {
  name: "bao-init",
  help: `bao-init [--yes]: writes models.yaml, dynamo-bao.config.js and .env.example for a new project here
  --yes         do not ask: table ${defaults.tableName} in ${defaults.region}`,
  options: { yes: { type: "boolean" } },
  positionals: [],
  async run(line) {
    const lines = initProject(process.cwd(), line.values["yes"] ? defaults : await askAll());
    process.stdout.write(`${lines.join("\n")}\nNext: npx bao-codegen, and npx bao-create-table\n`);
  },
};
