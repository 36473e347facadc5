// Each request works on items that are its own, named by its number, and on one that all share.
import { getBatchContextCapacity, initModels, runWithBatchContext } from "dynamo-bao";
import { User } from "./models/user.js";
import { Post } from "./models/post.js";

const models = initModels({
  models: { User, Post },
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
});

let running = 0;
let mostRunning = 0;

async function inContext(n) {
  const { User } = models.models;
  const before = getBatchContextCapacity();
  const [own, friend, shared, missing] = await Promise.all([
    User.find(`own-${n}`),
    User.find(`friend-${n}`),
    User.find("shared"),
    User.find(`missing-${n}`),
  ]);
  shared.name = `changed by ${n}, never saved`;
  const posts = await own.queryPosts();
  const authors = await Promise.all(posts.items.map((post) => post.getUser()));
  own.name = `renamed by ${n}`;
  await own.save();
  const [ownAgain, sharedAgain] = await Promise.all([User.find(`own-${n}`), User.find("shared")]);
  return {
    before,
    own,
    friend,
    missing,
    sharedName: shared.name,
    posts: posts.items,
    authorsAreOwn: authors.map((author) => author === own),
    cached: ownAgain === own && sharedAgain === shared,
    capacity: getBatchContextCapacity(),
    inside: User.isInsideBatchContext(),
  };
}

async function outside(n) {
  const { User } = models.models;
  const [own, friend] = await Promise.all([User.find(`own-${n}`), User.find(`friend-${n}`)]);
  return { own, friend, capacity: getBatchContextCapacity(), inside: User.isInsideBatchContext() };
}

// An instance that outlives requests, as a program may keep its settings.
let kept;

async function saveKept(n) {
  kept ??= await models.models.User.find("shared");
  kept.name = `saved by ${n}`;
  await kept.save();
  return { saved: n };
}

const work = {
  "/": (n) => runWithBatchContext(() => inContext(n)),
  "/outside": outside,
  "/kept": (n) => runWithBatchContext(() => saveKept(n)),
  "/kept-outside": saveKept,
};

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/most-running") return Response.json(mostRunning);
    const n = Number(searchParams.get("n"));
    mostRunning = Math.max(mostRunning, ++running);
    try {
      return Response.json(await work[pathname](n));
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message} ${error.serviceText ?? ""}` }, { status: 500 });
    } finally {
      --running;
    }
  },
};
