import {
  BaoModel,
  IndexConfig,
  PrimaryKeyConfig,
  UniqueConstraintConfig,
  constants,
  exceptions,
  fields,
  getBatchContextCapacity,
  initModels,
  runWithBatchContext,
} from "dynamo-bao";

const { CounterField, DateTimeField, RelatedField, StringField, UlidField } = fields;

class User extends BaoModel {
  static modelPrefix = "u";
  static fields = {
    userId: UlidField({ autoAssign: true }),
    name: StringField({ required: true }),
    email: StringField({ required: true }),
    visits: CounterField(),
  };
  static primaryKey = PrimaryKeyConfig("userId");
  static uniqueConstraints = { uniqueEmail: UniqueConstraintConfig("email", constants.UNIQUE_CONSTRAINT_ID1) };
}

class Post extends BaoModel {
  static modelPrefix = "p";
  static fields = {
    postId: UlidField({ autoAssign: true }),
    userId: RelatedField("User", { required: true }),
    title: StringField({ required: true }),
    publishedAt: DateTimeField({ required: true }),
  };
  static primaryKey = PrimaryKeyConfig("postId");
  static indexes = { postsForUser: IndexConfig("userId", "publishedAt", constants.GSI_INDEX_ID1) };
}

initModels({
  models: { User, Post },
  aws: { region: "us-west-2", endpoint: process.env.DYNAMO_BAO_ENDPOINT ?? "memory:" },
  db: { tableName: "bao-story" },
});

const suffix = Date.now().toString(36); // so that the story can be told twice on one table
const ann = await User.create({ name: "Ann", email: `ann-${suffix}@example.com` });
const ben = await User.create({ name: "Ben", email: `ben-${suffix}@example.com` });
await Post.create({ userId: ann.userId, title: "First light", publishedAt: "2026-03-01" });
await Post.create({ userId: ann.userId, title: "Second thoughts", publishedAt: "2026-03-02" });
await Post.create({ userId: ben.userId, title: "A reply", publishedAt: "2026-03-02" });
console.log(`made ${ann.name}, ${ben.name} and three posts`);

const posts = await ann.queryPosts(null, { direction: "DESC" });
console.log(`${ann.name} wrote: ${posts.items.map((post) => post.title).join(", ")}`);
console.log(`"${posts.items[0].title}" is by ${(await posts.items[0].getUser()).name}`);

try {
  await User.create({ name: "Another Ann", email: ann.email });
} catch (error) {
  if (!(error instanceof exceptions.ConditionalError)) throw error;
  console.log(`a second ${ann.email} is refused: ${error.message}`);
}
console.log(`${ann.email} belongs to ${(await User.findByEmail(ann.email)).name}`);

await Promise.all(Array.from({ length: 10 }, () => User.update(ben.userId, { visits: "+1" })));
console.log(`${ben.name} was visited ${(await User.find(ben.userId)).visits} times`);

await runWithBatchContext(async () => {
  const [one, two, nobody] = await Promise.all([User.find(ann.userId), User.find(ben.userId), User.find("nobody")]);
  console.log(`found in one request: ${one.name}, ${two.name}; "nobody" exists: ${nobody.exists()}`);
  console.log(`asked again, the very same object: ${(await User.find(ann.userId)) === one}`);
  console.log(`read units of all that: ${getBatchContextCapacity().read}`);
});

await ben.delete();
console.log(`after his deletion ${ben.name} exists: ${(await User.find(ben.userId)).exists()}`);
