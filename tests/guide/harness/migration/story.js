// What the application does is the same before the migration and after it.
exports.story = async function story({ User, Post, Comment }) {
  const user = await User.create({ name: "John Doe" });
  const post = await Post.create({ userId: user.userId, title: "My First Post" });
  await Comment.create({ postId: post.postId, text: "Well said" });
  const posts = await user.queryPosts();
  return { user, titles: posts.items.map((each) => each.title), author: (await posts.items[0].getUser()).name };
};
