import { beforeEach, describe, expect, it, vi } from "vitest";
import { Post, start, User } from "../support/models.js";
import { BaoModel, exceptions, getBatchContextCapacity, runWithBatchContext, TenantContext } from "../support/node.js";

beforeEach(() => {
  TenantContext.reset();
  start();
});

describe("a batch context", () => {
  it("gives the very same instance for one item, and counts what was consumed once", async () => {
    const { userId } = await User.create({ name: "Ann" });
    expect(User.isInsideBatchContext()).toBe(false);
    expect(getBatchContextCapacity()).toEqual({ read: 0, write: 0 });
    await runWithBatchContext(async () => {
      expect(User.isInsideBatchContext()).toBe(true);
      const [a, b] = await Promise.all([User.find(userId), User.find(userId)]);
      const many = await User.batchFind([userId, userId, "missing"]);
      expect(a).toBe(b);
      expect(many.items[userId]).toBe(a);
      expect(many.ConsumedCapacity).toHaveLength(1);
      expect(await User.find(userId)).toBe(a);
      expect(await User.find(userId, { bypassCache: true })).not.toBe(a);
      expect(getBatchContextCapacity()).toEqual({ read: 1.5, write: 0 });
      expect((await User.batchFind([userId])).ConsumedCapacity).toEqual([]);
    });
    expect(getBatchContextCapacity()).toEqual({ read: 0, write: 0 });
  });

  it("shows its own writes, and not the unsaved edits of an instance to reads past the cache", async () => {
    await runWithBatchContext(async () => {
      const user = await User.create({ name: "Ann" });
      expect(await User.find(user.userId)).toBe(user);
      user.name = "unsaved";
      expect((await User.find(user.userId, { bypassCache: true })).name).toBe("Ann");
      await User.update(user.userId, { name: "Bea" });
      expect((await User.find(user.userId)).name).toBe("Bea");
      await User.delete(user.userId);
      expect((await User.find(user.userId)).exists()).toBe(false);
      await User.create({ userId: user.userId, name: "again" });
      expect((await User.find(user.userId)).name).toBe("again");
    });
  });

  it("that is nested is separate, and so are two at once", async () => {
    const { userId } = await User.create({ name: "Ann" });
    await runWithBatchContext(async () => {
      const outer = await User.find(userId);
      await runWithBatchContext(async () => {
        expect(await User.find(userId)).not.toBe(outer);
        expect(getBatchContextCapacity().read).toBe(0.5);
      });
      expect(getBatchContextCapacity().read).toBe(0.5);
    });
    const [one, two] = await Promise.all([runWithBatchContext(() => User.find(userId)), runWithBatchContext(() => User.find(userId))]);
    expect(one).not.toBe(two);
  });

  it("gives what the function gives, passes on what it throws, and ends with it", async () => {
    expect(await runWithBatchContext(() => 5)).toBe(5);
    await expect(
      runWithBatchContext(() => {
        throw new RangeError("mine");
      }),
    ).rejects.toThrow(new RangeError("mine"));
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    // Work that outlives the context goes on outside of it.
    const late = await runWithBatchContext(() => ({
      work: ended.then(async () => [User.isInsideBatchContext(), (await User.find("x")).exists()]),
    }));
    end();
    expect(await late.work).toEqual([false, false]);
    await expect(runWithBatchContext(5 as never)).rejects.toBeInstanceOf(exceptions.ConfigurationError);
  });

  it("keeps an instance that was edited in place of rereading it", async () => {
    const { userId } = await User.create({ name: "Ann" });
    await runWithBatchContext(async () => {
      const user = await User.find(userId);
      user.name = "Bea";
      await user.save();
      const again = await User.find(userId);
      expect(again).toBe(user);
      expect(again.name).toBe("Bea");
    });
  });
});

describe("strict mode", () => {
  it("refuses what would send a request outside", async () => {
    start({ batchContext: { requireBatchContext: true } });
    const message = /^Batch operations must be executed within runWithBatchContext\(\)/;
    await expect(User.find("x")).rejects.toThrow(message);
    await expect(User.create({ name: "Ann" })).rejects.toMatchObject({ name: "BatchContextRequiredError", message: expect.stringMatching(message) });
    await expect(Post.queryByIndex("postsForUser", "x")).rejects.toThrow(message);
    await runWithBatchContext(async () => expect((await User.find("x")).exists()).toBe(false));
  });

  it("is chosen by the environment too", async () => {
    vi.stubEnv("DYNAMO_BAO_REQUIRE_BATCH_CONTEXT", "true");
    start();
    await expect(User.find("x")).rejects.toThrow(/runWithBatchContext/);
    start({ batchContext: { requireBatchContext: false } });
    expect((await User.find("x")).exists()).toBe(false);
    vi.unstubAllEnvs();
  });
});

describe("loaderContext", () => {
  it("is a cache that the caller owns, inside or outside a batch context", async () => {
    const user = await User.create({ name: "Ann" });
    const posts = [await Post.create({ userId: user, title: "1" }), await Post.create({ userId: user, title: "2" })];
    const loaderContext = {};
    const first = await User.find(user.userId, { loaderContext });
    expect(await User.find(user.userId, { loaderContext })).toBe(first);
    expect(await User.find(user.userId, { loaderContext: {} })).not.toBe(first);
    await Promise.all(posts.map((post) => post.loadRelatedData(["userId"], loaderContext)));
    expect(posts.map((post) => post.getRelated("userId"))).toEqual([first, first]);
    expect(posts[0]!.getRelated("userId")).toBe(first);
    await runWithBatchContext(async () => {
      expect(await User.find(user.userId, { loaderContext })).toBe(first);
      expect(getBatchContextCapacity().read).toBe(0);
    });
    await expect(User.find("x", { loaderContext: 5 as never })).rejects.toBeInstanceOf(exceptions.QueryError);
  });
});

describe("tenants", () => {
  beforeEach(() => void start({ tenancy: { enabled: true } }));

  it("never see each other's items, also in one batch context", async () => {
    const ids = await Promise.all(
      ["a", "b"].map((tenant) => TenantContext.runWithTenant(tenant, async () => (await User.create({ userId: "01ARZ3NDEKTSV4RRFFQ69G5FAV", name: `of ${tenant}` })).userId)),
    );
    expect(ids[0]).toBe(ids[1]);
    await runWithBatchContext(async () => {
      const [a, b] = await Promise.all(["a", "b"].map((tenant) => TenantContext.runWithTenant(tenant, () => User.find(ids[0]!))));
      expect([a!.name, b!.name]).toEqual(["of a", "of b"]);
      expect(User.isInsideBatchContext()).toBe(true);
    });
    expect((await TenantContext.withTenant("c", () => User.find(ids[0]!))).exists()).toBe(false);
  });

  it("are required, and found in order: async context, set, resolvers", async () => {
    const required =
      "Tenant context is required when tenancy is enabled. Use TenantContext.runWithTenant(tenantId, callback) or add tenant resolvers.";
    await expect(User.find("x")).rejects.toThrow(required);
    expect(() => TenantContext.validateTenantRequired({ tenancy: { enabled: true } })).toThrow(required);
    expect(() => TenantContext.addResolver(5 as never)).toThrow("Resolver must be a function");
    TenantContext.addResolver(() => null);
    TenantContext.addResolver(() => "resolved");
    expect(TenantContext.getCurrentTenant()).toBe("resolved");
    TenantContext.setCurrentTenant("set");
    expect(TenantContext.getCurrentTenant()).toBe("set");
    expect(TenantContext.runWithTenant("run", () => TenantContext.getCurrentTenant())).toBe("run");
    TenantContext.clearTenant();
    expect(TenantContext.getCurrentTenant()).toBe("resolved");
    TenantContext.clearResolvers();
    expect(TenantContext.getCurrentTenant()).toBeNull();
    expect(() => TenantContext.validateTenantRequired({})).not.toThrow();
  });

  it("set inside an async context stay in it", async () => {
    await runWithBatchContext(async () => {
      TenantContext.setCurrentTenant("inside");
      expect(TenantContext.getCurrentTenant()).toBe("inside");
    });
    expect(TenantContext.getCurrentTenant()).toBeNull();
  });

  it("have ids that cannot reach into another's keys", () => {
    for (const id of ["", "a]#b", 5 as never, null as never]) {
      expect(() => TenantContext.runWithTenant(id, () => 1)).toThrow(exceptions.ValidationError);
      expect(() => TenantContext.setCurrentTenant(id)).toThrow(exceptions.ValidationError);
    }
    TenantContext.addResolver(() => "a]#b");
    expect(() => TenantContext.getCurrentTenant()).toThrow(exceptions.ValidationError);
  });

  it("are not asked for with tenancy off, where a testId acts as one", async () => {
    const manager = start({ testId: "test-1" });
    expect(manager.getTenantId()).toBe("test-1");
    expect(TenantContext.getInstance("test-1")).toBe(manager);
    expect((await User.create({ name: "Ann" })) instanceof BaoModel).toBe(true);
  });
});
