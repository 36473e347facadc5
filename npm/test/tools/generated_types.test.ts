/** The declarations and TypeScript of the goldens, under the strictest settings, and what a program may do with them. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { goldens, npmFolder, temporaryFolder } from "./support.js";

// `@ts-expect-error` is an error itself where the next line compiles.
const uses = `
import { initModels } from "dynamo-bao";
import generatedModels from "./.bao/models.js";
import { Comment, Post, Tag, TaggedPost, User } from "./models/index.js";

export const manager = initModels({ models: generatedModels });
export const everyModel: (typeof User)[] = [generatedModels.User];
// @ts-expect-error: there is no such model
export const missing = generatedModels.Nobody;

export async function right(user: User, tag: Tag, post: Post): Promise<void> {
  const name: string | undefined = user.handle;
  const likes: number = post.likes;
  const at: Date = post.createdAt;
  await User.create({ email: "a@b.c", bossId: user });
  await Post.update(post.postId, { likes: "+1", content: null });
  const posts = await user.queryByAuthor({ $gte: at }, { filter: { title: { $beginsWith: "A" } }, limit: null });
  const title: string = posts.items[0]!.title;
  const counted = await User.queryByStatus("new", { countOnly: true });
  const count: number = counted.count;
  const options = { loadRelated: true, relatedFields: ["userId"], countOnly: false } as const;
  const either: boolean = Math.random() > 2;
  const some: Post[] = [...(await user.queryByAuthor(null, options)).items, ...(await user.queryByAuthor(null, { countOnly: either })).items];
  const boss: User | null = await user.getBoss();
  const author: User = await post.getUser();
  const found: User = await User.findByEmail("a@b.c", { bypassCache: true });
  const comments: Comment[] = (await user.queryCommentsByAuthor(null, { attributes: ["text"] })).items;
  const mapped: Post[] = (await tag.getPosts(null, 10, "DESC")).items;
  await TaggedPost.queryByIndex("recentPostsForTag", tag.tagId, { $lt: new Date() });
  post.content = null;
  const removed: string | undefined = post.content;
  post.content = "x";
  post.likes = "+1";
  post.likes = 5n;
  const sum: number = post.likes;
  post.createdAt = "2024-05-31";
  post.createdAt = Date.now();
  const date: Date = post.createdAt;
  post.userId = user;
  const id: string = post.userId;
  user.bossId = undefined;
  const values: { title: string; content: string | undefined } = post;
  void [removed, sum, date, id, values];
  void [name, likes, title, count, boss, author, found, comments, mapped, some];
}

export async function wrong(user: User, tag: Tag, post: Post): Promise<void> {
  // @ts-expect-error: no such field
  void user.nickname;
  // @ts-expect-error: email is required
  await User.create({ handle: "a" });
  // @ts-expect-error: a number is no e-mail address
  await User.create({ email: 5 });
  // @ts-expect-error: no such operator
  await user.queryByAuthor(null, { filter: { title: { $like: "A" } } });
  // @ts-expect-error: no such field in Post
  await user.queryByAuthor(null, { filter: { text: "A" } });
  // @ts-expect-error: no such field in Post, beside one
  await user.queryByAuthor(null, { filter: { title: "A", text: "A" } });
  // @ts-expect-error: an option of a search, beside one of a query
  await user.queryByAuthor(null, { limit: 5, operator: "AND" });
  // @ts-expect-error: no such option, beside others
  await User.queryByStatus("new", { countOnly: true, limt: 5 });
  // @ts-expect-error: no RelatedField
  await user.queryByAuthor(null, { loadRelated: true, relatedFields: ["title"] });
  // @ts-expect-error: the sort key is a date
  await user.queryByAuthor({ $gte: true });
  // @ts-expect-error: a count has no items
  void (await User.queryByStatus(null, { countOnly: true })).items;
  // @ts-expect-error: it may have no boss
  void (await user.getBoss()).email;
  // @ts-expect-error: a unique value is a string here
  await User.findByEmail(5);
  // @ts-expect-error: no such direction
  await tag.getPosts(null, 10, "DOWN");
  // @ts-expect-error: no such index
  await Post.queryByIndex("byTitle", "x");
  // @ts-expect-error: a required field is not removed
  post.title = null;
  // @ts-expect-error: nor left out
  post.title = undefined;
  // @ts-expect-error: no number, and nothing to add
  post.likes = "many";
  // @ts-expect-error: no date
  post.createdAt = true;
  // @ts-expect-error: a number is no text
  post.content = 5;
  // @ts-expect-error: what is removed reads as undefined
  const content: null = post.content;
  void content;
  void post;
}
`;

const customUses = `
import { Account } from "./models/index.js";
import { Money } from "../../cpp/custom_fields/fields/money_field.js";

export async function right(account: Account): Promise<void> {
  const email: string = account.email;
  const cents: number | undefined = account.balance?.cents;
  await Account.create({ email: "a@x.com", balance: new Money(5), owner: account });
  account.balance = new Money(7);
  account.balance = null;
  account.owner = account;
  await Account.queryByIndex("byEmail", "a@x.com", { $gt: new Money(1) }, { filter: { balance: { $lte: new Money(7) } } });
  void [email, cents];
}

export async function wrong(account: Account): Promise<void> {
  // @ts-expect-error: email is required
  await Account.create({ balance: new Money(5) });
  // @ts-expect-error: an amount is a Money
  await Account.create({ email: "a@x.com", balance: 5 });
  // @ts-expect-error: an amount is a Money
  account.balance = 5;
  // @ts-expect-error: an amount is no number
  const cents: number | null = account.balance;
  void cents;
}
`;

const compilerOptions = {
  target: "ES2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  lib: ["ES2023", "DOM", "DOM.Iterable"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: false,
  // For custom fields in JavaScript.
  allowJs: true,
  noEmit: true,
};

function project(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(npmFolder, join(folder, "node_modules/dynamo-bao"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts", "*/.bao/*.ts"] }));
  for (const form of ["commonjs", "esm", "ts"]) {
    const types = { type: form === "commonjs" ? "commonjs" : "module" };
    cpSync(join(goldens, form), join(folder, form), { recursive: true });
    writeFileSync(join(folder, form, "package.json"), JSON.stringify(types));
    writeFileSync(join(folder, form, "blog/uses.ts"), uses);
    writeFileSync(join(folder, form, "custom_fields/uses.ts"), customUses);
  }
  cpSync(join(goldens, "cpp/custom_fields/fields"), join(folder, "cpp/custom_fields/fields"), { recursive: true });
  return folder;
}

it("generated types take right code, and refuse wrong names, operators and values", async () => {
  const tsc = join(npmFolder, "node_modules/typescript/bin/tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", project()]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe("");
}, 120_000);
