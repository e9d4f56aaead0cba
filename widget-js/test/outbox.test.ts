import { IDBFactory } from "fake-indexeddb";
import { describe, expect, test, vi } from "vitest";
import { createOutbox, type OutboxItem, type OutboxOptions } from "../wire/outbox";
import { indexedDbStore, memoryStore, webStorageStore, type OutboxStore } from "../wire/outbox_store";
import { Problem } from "../wire/rest";
import { fakeClock, settle } from "./fake_clock";

const DOWN = new Problem(0, { code: "network" });

interface Server {
  send(item: OutboxItem<string>): Promise<string>;
  got: string[];
  tries: string[];
  next: (Error | null)[];
}

/** A server that knows client ids: a repeat is answered, not stored twice. */
function server(): Server {
  const self: Server = {
    got: [],
    tries: [],
    next: [],
    async send(item) {
      self.tries.push(item.client_id);
      const fault = self.next.shift();
      if (fault) throw fault;
      if (!self.got.includes(item.payload)) self.got.push(item.payload);
      return "ok";
    },
  };
  return self;
}

function open(store: OutboxStore<string>, to: Server, more: Partial<OutboxOptions<string, string>> = {}) {
  const clock = fakeClock();
  const outbox = createOutbox<string, string>({ store, send: to.send, clock, ...more });
  return { clock, outbox, states: () => outbox.items().map((item) => `${item.payload} ${item.state}`) };
}

describe("sending", () => {
  test("words go out in the order they were written, one at a time", async () => {
    const to = server();
    let inside = 0;
    let most = 0;
    const { outbox } = open(memoryStore(), {
      ...to,
      send: async (item) => {
        most = Math.max(most, ++inside);
        await settle();
        inside--;
        return to.send(item);
      },
    });
    for (const words of ["a", "b", "c"]) await outbox.add(words, "chat");
    await vi.waitFor(() => expect(outbox.items()).toEqual([]));
    expect(to.got).toEqual(["a", "b", "c"]);
    expect(most).toBe(1);
  });

  test("a temporary fault keeps the words, waits, and repeats with the same id; later words wait behind", async () => {
    const to = server();
    to.next = [DOWN, new Problem(503, {}), null];
    const { outbox, clock, states } = open(memoryStore(), to);
    const first = await outbox.add("a", "chat");
    await outbox.add("b", "chat");
    await settle();
    expect(states()).toEqual(["a queued", "b queued"]);
    await clock.move(60_000);
    expect(to.got).toEqual(["a", "b"]);
    expect(to.tries.slice(0, 3)).toEqual([first.client_id, first.client_id, first.client_id]);
  });

  test("lanes do not wait for each other", async () => {
    const to = server();
    const { outbox } = open(memoryStore(), { ...to, send: async (item) => (item.lane === "x" ? Promise.reject(DOWN) : to.send(item)) });
    await outbox.add("stuck", "x");
    await outbox.add("free", "y");
    await settle();
    expect(to.got).toEqual(["free"]);
  });

  test("Retry-After is obeyed", async () => {
    const to = server();
    to.next = [new Problem(429, { code: "rate_limited" }, 20_000)];
    const { outbox, clock, states } = open(memoryStore(), to);
    await outbox.add("a", "chat");
    await clock.move(19_900);
    expect(to.tries).toHaveLength(1);
    expect(states()).toEqual(["a queued"]);
    await clock.move(15_000);
    expect(to.got).toEqual(["a"]);
  });

  test("a refusal is final for its words only, until a person tries again", async () => {
    const to = server();
    to.next = [new Problem(422, { code: "validation", detail: "Too long." })];
    const { outbox, clock, states } = open(memoryStore(), to);
    const bad = await outbox.add("bad", "chat");
    await outbox.add("good", "chat");
    await clock.move(5 * 60_000);
    expect(states()).toEqual(["bad failed"]);
    expect(outbox.items()[0]?.failure).toEqual({ code: "validation", text: "Too long." });
    expect(to.got).toEqual(["good"]);
    await outbox.retry(bad.client_id);
    await clock.move(1000);
    expect(to.got).toEqual(["good", "bad"]);
    expect(to.tries.filter((id) => id === bad.client_id)).toHaveLength(2);
  });

  test("discarded words are gone for good", async () => {
    const to = server();
    to.next = [new Problem(403, {})];
    const store = memoryStore<string>();
    const { outbox } = open(store, to);
    const item = await outbox.add("a", "chat");
    await settle();
    await outbox.discard(item.client_id);
    expect(await store.all()).toEqual([]);
  });

  test("waking does not wait out the pause", async () => {
    const to = server();
    to.next = [DOWN];
    const { outbox } = open(memoryStore(), to);
    await outbox.add("a", "chat");
    await settle();
    expect(to.got).toEqual([]);
    await outbox.wake();
    await settle();
    expect(to.got).toEqual(["a"]);
  });

  test("pauses grow, with full jitter, up to 30 s", async () => {
    const to = server();
    to.next = Array.from({ length: 12 }, () => DOWN);
    const { outbox, clock } = open(memoryStore(), to);
    await outbox.add("a", "chat");
    const pauses: number[] = [];
    await settle();
    for (let i = 0; i < 10; i++) {
      const item = outbox.items()[0]!;
      const pause = item.next_at - clock.now();
      pauses.push(pause);
      await clock.move(pause + 60);
    }
    expect(pauses[0]).toBeLessThanOrEqual(1000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
    expect(pauses.at(-1)).toBeGreaterThan(29_000);
  });

  test("a broken store does not keep anybody from writing", async () => {
    const to = server();
    to.next = [DOWN];
    const broken: OutboxStore<string> = {
      durable: true,
      all: () => Promise.reject(new Error("quota")),
      put: () => Promise.reject(new Error("quota")),
      remove: () => Promise.reject(new Error("quota")),
    };
    const { outbox, clock } = open(broken, to);
    await outbox.add("a", "chat");
    await clock.move(60_000);
    expect(to.got).toEqual(["a"]);
  });
});

describe.each([
  ["IndexedDB", async () => indexedDbStore<string>("outbox", new IDBFactory())],
  ["localStorage", async () => webStorageStore<string>(fakeStorage(), "outbox")],
])("a reload (%s)", (_, make) => {
  test("keeps words that were not sent, also those caught in the act, and sends them once", async () => {
    const store = await make();
    const to = server();
    const dying = createOutbox<string, string>({ store, send: () => new Promise(() => {}), clock: fakeClock() });
    await dying.add("a", "chat");
    await dying.add("b", "chat");
    await vi.waitFor(async () => expect((await store.all()).map((item) => item.state).sort()).toEqual(["queued", "sending"]));
    dying.close();

    const { outbox } = open(store, to);
    await outbox.resume();
    await vi.waitFor(() => expect(to.got).toEqual(["a", "b"]));
    await vi.waitFor(async () => expect(await store.all()).toEqual([]));
  });

  test("an answer that was lost leads to a repeat the server recognises", async () => {
    const store = await make();
    const to = server();
    const { outbox, clock } = open(store, {
      ...to,
      send: async (item) => {
        await to.send(item);
        if (to.tries.length === 1) throw DOWN;
        return "ok";
      },
    });
    await outbox.add("a", "chat");
    await vi.waitFor(() => expect(outbox.items()[0]?.next_at).toBeGreaterThan(0));
    await vi.waitFor(async () => {
      await clock.move(1000);
      expect(await store.all()).toEqual([]);
    });
    expect(to.tries).toHaveLength(2);
    expect(to.got).toEqual(["a"]);
  });
});

test("two tabs over one store send each message once", async () => {
  const store = memoryStore<string>();
  const to = server();
  let queue: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = queue.then(run);
    queue = mine.catch(() => {});
    return mine;
  };
  const heard = new Set<() => void>();
  const channel = () => ({ post: () => heard.forEach((run) => run()), listen: (run: () => void) => (heard.add(run), () => void heard.delete(run)) });
  const one = open(store, to, { exclusive, channel: channel() });
  const two = open(store, to, { exclusive, channel: channel() });
  await one.outbox.add("a", "chat");
  await two.outbox.add("b", "chat");
  await one.outbox.add("c", "chat");
  await vi.waitFor(async () => {
    await one.clock.move(100);
    await two.clock.move(100);
    expect(to.got).toHaveLength(3);
  });
  expect(to.tries).toHaveLength(3);
  expect(one.outbox.items()).toEqual([]);
  expect(two.outbox.items()).toEqual([]);
});

function fakeStorage(): Storage {
  const target: Record<string, string> = {};
  const api = {
    getItem: (key: string) => target[key] ?? null,
    setItem: (key: string, value: string) => void (target[key] = value),
    removeItem: (key: string) => void delete target[key],
  };
  return new Proxy(target, { get: (_, key) => (key in api ? api[key as keyof typeof api] : target[key as string]) }) as unknown as Storage;
}
