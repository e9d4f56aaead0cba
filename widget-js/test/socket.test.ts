import { beforeEach, describe, expect, test } from "vitest";
import { createLive, liveUrl, type Live, type LiveOptions, type SocketLike } from "../wire/socket";
import type { LiveEvent, Polled } from "../wire/types";
import { fakeClock, settle, type FakeClock } from "./fake_clock";
import { posted } from "./samples";

class FakeSocket implements SocketLike {
  readyState = 0;
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  sent: Record<string, unknown>[] = [];
  send(data: string) {
    if (this.readyState !== 1) throw new DOMException("still connecting", "InvalidStateError");
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.(undefined as never);
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  end(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let clock: FakeClock;
let sockets: FakeSocket[];
let events: string[];
let states: string[];
let resets: number;
let stale: boolean[];

beforeEach(() => {
  clock = fakeClock();
  sockets = [];
  events = [];
  states = [];
  resets = 0;
  stale = [];
});

function make(more: Partial<LiveOptions> = {}): Live {
  return createLive({
    url: "wss://w.test/live",
    clock,
    token: (isStale) => {
      stale.push(isStale);
      return "token";
    },
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onEvent: (event) => events.push(event.position),
    onState: (state, { reason }) => states.push(reason ? `${state} ${reason}` : state),
    onReset: async () => {
      resets++;
      return "snapshot";
    },
    ...more,
  });
}

const last = () => sockets.at(-1)!;

/** Moves the clock until there is one more socket. */
async function nextSocket() {
  const before = sockets.length;
  for (let i = 0; i < 1_000 && sockets.length === before; i++) await clock.move(100);
  expect(sockets).toHaveLength(before + 1);
}

async function online(live: Live, after: string | null = "p0") {
  live.start(after);
  await settle();
  last().open();
  last().say({ type: "welcome", position: "p9", resumed: true });
  await settle();
}

describe("coming and staying", () => {
  test("says hello with token and position, and resumes from the last event after a cut", async () => {
    const live = make();
    await online(live);
    expect(last().sent[0]).toEqual({ type: "hello", token: "token", after: "p0" });
    last().say(posted(1));
    last().say(posted(2));
    last().end(1006);
    await nextSocket();
    last().open();
    expect(last().sent[0]).toMatchObject({ after: "p2" });
    expect(events).toEqual(["p1", "p2"]);
    expect(states).toEqual(["connecting", "online", "waiting", "connecting"]);
  });

  test("without a position it starts from the head it is told", async () => {
    const live = make();
    await online(live, null);
    expect(live.position()).toBe("p9");
    expect(resets).toBe(0);
  });

  test("events that come while the state is loaded anew wait behind it", async () => {
    let finish = (_: string) => {};
    const live = make({ onReset: () => new Promise((resolve) => (finish = resolve)) });
    live.start("old");
    await settle();
    last().open();
    last().say({ type: "welcome", position: "p5", resumed: false });
    last().say(posted(6));
    await settle();
    expect(events).toEqual([]);
    finish("p5");
    await settle();
    expect(events).toEqual(["p6"]);
    expect(live.position()).toBe("p6");
  });

  test("a reset that failed is still owed to the next connection", async () => {
    let fails = true;
    const live = make({
      onReset: async () => {
        resets++;
        if (fails) throw new Error("down");
        return "p7";
      },
    });
    live.start("old");
    await settle();
    last().open();
    last().say({ type: "welcome", position: "p5", resumed: false });
    fails = false;
    await nextSocket();
    last().open();
    last().say({ type: "welcome", position: "p7", resumed: true });
    await settle();
    expect(resets).toBe(2);
    expect(live.position()).toBe("p7");
  });

  test("answers pings, and gives a silent peer up", async () => {
    const live = make();
    await online(live);
    last().say({ type: "ping", position: "p0" });
    expect(last().sent.at(-1)).toEqual({ type: "pong" });
    await clock.move(59_000);
    expect(live.state()).toBe("online");
    await clock.move(2_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  test("a socket that never says welcome is given up", async () => {
    make().start("p0");
    await settle();
    last().open();
    await clock.move(10_000);
    expect(states).toContain("waiting");
  });

  test("moves when asked to, after the time it was given", async () => {
    const live = make();
    await online(live);
    last().say({ type: "reconnect", after_ms: 7_000 });
    await clock.move(6_900);
    expect(sockets).toHaveLength(1);
    await clock.move(200);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]!.readyState).toBe(3);
  });

  test("a late word of a dropped socket is nobody's", async () => {
    const live = make();
    await online(live);
    const old = last();
    const heard = old.onmessage!;
    old.end(1006);
    await nextSocket();
    heard({ data: JSON.stringify(posted(3)) });
    expect(events).toEqual([]);
  });

  test("what is not JSON, or has no type, is not an event", async () => {
    const live = make();
    await online(live);
    for (const data of ["", "null", "[]", "{}", '{"type":7}', "\0"]) last().onmessage?.({ data });
    last().onmessage?.({ data: new ArrayBuffer(4) });
    expect(events).toEqual([]);
    expect(live.state()).toBe("online");
  });
});

describe("pauses", () => {
  test("grow to 30 s and are jittered to anything below", async () => {
    const seen: number[] = [];
    const live = make({ onState: (state, { retryAt }) => state === "waiting" && seen.push(retryAt! - clock.now()) });
    live.start("p0");
    for (let i = 0; i < 9; i++) {
      await settle();
      last().end(1006);
      if (i < 8) await nextSocket();
    }
    expect(seen.map((ms) => Math.round(ms / 100) / 10)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    clock.chance = 0;
    await nextSocket();
    last().end(1006);
    expect(seen.at(-1)).toBe(0);
  });

  test("a socket that dies at once does not count as a success", async () => {
    const live = make();
    clock.chance = 0.999;
    let gap = 0;
    live.start("p0");
    await settle();
    for (let i = 0; i < 6; i++) {
      last().open();
      last().say({ type: "welcome", position: "p0", resumed: true });
      const before = sockets.length;
      last().end(1001);
      gap = 0;
      while (sockets.length === before) {
        await clock.move(100);
        gap += 100;
      }
    }
    expect(gap).toBeGreaterThan(10_000);
  });

  test("waking tries at once", async () => {
    const live = make();
    await online(live);
    last().end(1006);
    live.wake();
    await settle();
    expect(sockets).toHaveLength(2);
  });
});

describe("close codes", () => {
  test("4401 asks for a new token and comes back", async () => {
    const live = make();
    await online(live);
    last().end(4401);
    await clock.move(5_000);
    expect(stale).toEqual([false, true]);
    expect(live.state()).toBe("connecting");
  });

  test("a token that is refused again and again ends it", async () => {
    const live = make();
    live.start("p0");
    for (let i = 0; i < 8 && live.state() !== "stopped"; i++) {
      await settle();
      last().open();
      last().end(4401);
      await clock.move(9_000);
    }
    expect(states.at(-1)).toBe("stopped unauthenticated");
    const count = sockets.length;
    await clock.move(600_000);
    expect(sockets).toHaveLength(count);
  });

  test("4403 ends it", async () => {
    const live = make();
    await online(live);
    last().end(4403);
    await clock.move(600_000);
    expect(states.at(-1)).toBe("stopped suspended");
    expect(sockets).toHaveLength(1);
  });

  test.each([1012, 4408])("%i resumes within a second", async (code) => {
    const live = make();
    await online(live);
    last().end(code);
    await clock.move(1_000);
    expect(sockets).toHaveLength(2);
  });

  test("no token, no connection", async () => {
    make({ token: () => null }).start("p0");
    await settle();
    expect(states.at(-1)).toBe("stopped unauthenticated");
  });

  test("a token that cannot be had now is tried again later", async () => {
    let isDown = true;
    const live = make({ token: () => (isDown ? Promise.reject(new Error("down")) : "token") });
    live.start("p0");
    await settle();
    expect(live.state()).toBe("waiting");
    isDown = false;
    await nextSocket();
  });
});

describe("senders", () => {
  test("never throw, whatever the socket does", async () => {
    const live = make();
    const all = () => {
      live.typing("cnv_1", true);
      live.presence("online", null);
      live.seen("cnv_1", 3, "read");
      live.token("t");
    };
    all();
    live.start("p0");
    await settle();
    all();
    last().open();
    all();
    expect(last().sent.map((frame) => frame.type)).toEqual(["hello"]);
    last().end(1006);
    all();
    live.stop();
    all();
  });

  test("the last presence and what was seen are said after the welcome", async () => {
    const live = make();
    live.presence("online", "cnv_1");
    expect(live.seen("cnv_1", 3, "read")).toBe(false);
    live.seen("cnv_1", 2, "read");
    await online(live);
    expect(last().sent.slice(1)).toEqual([
      { type: "presence", state: "online", viewing: "cnv_1" },
      { type: "seen", conversation_id: "cnv_1", seq: 3, state: "read" },
    ]);
    expect(live.seen("cnv_1", 4, "read")).toBe(true);
  });
});

describe("long poll", () => {
  interface Asked {
    after: string | null;
    wait: number;
    answer(polled: Polled): void;
    fail(): void;
  }
  let asked: Asked[];

  const poll: LiveOptions["poll"] = (after, wait, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
      asked.push({ after, wait, answer: resolve, fail: () => reject(new Error("down")) });
    });

  beforeEach(() => (asked = []));

  async function blocked(live: Live) {
    live.start("p0");
    for (let i = 0; i < 3; i++) {
      await settle();
      last().end(1006);
      await clock.move(5_000);
    }
    await settle();
  }

  test("takes over when sockets fail, keeps the place, and lets the socket have another try", async () => {
    const live = make({ poll });
    await blocked(live);
    expect(asked[0]).toMatchObject({ after: "p0", wait: 0 });
    asked[0]!.answer({ events: [posted(1), posted(2)], position: "p2", resumed: true });
    await settle();
    expect(events).toEqual(["p1", "p2"]);
    expect(live.state()).toBe("polling");
    expect(asked[1]).toMatchObject({ after: "p2", wait: 25 });

    const before = sockets.length;
    await clock.move(91_000);
    expect(sockets.length).toBe(before + 1);
    last().open();
    expect(last().sent[0]).toMatchObject({ after: "p2" });
    last().say({ type: "welcome", position: "p2", resumed: true });
    await settle();
    expect(live.state()).toBe("online");
    expect(asked).toHaveLength(2);
  });

  test("a failing try of the socket leaves the polling alone", async () => {
    const live = make({ poll });
    await blocked(live);
    asked[0]!.answer({ events: [], position: "p2", resumed: true });
    await settle();
    await clock.move(61_000);
    last().end(1006);
    await settle();
    asked[1]!.answer({ events: [posted(3)], position: "p3", resumed: true });
    await settle();
    expect(events).toEqual(["p3"]);
    expect(asked).toHaveLength(3);
    expect(live.state()).toBe("polling");
  });

  test("a server that cannot resume means loading anew", async () => {
    const live = make({ poll });
    await blocked(live);
    asked[0]!.answer({ events: [], position: "p5", resumed: false });
    await settle();
    expect(resets).toBe(1);
    expect(live.position()).toBe("snapshot");
  });

  test("when nothing gets through it says so and keeps trying both", async () => {
    const live = make({ poll });
    await blocked(live);
    asked[0]!.fail();
    await settle();
    expect(live.state()).toBe("waiting");
    await clock.move(31_000);
    asked[1]!.fail();
    await nextSocket();
    expect(live.state()).toBe("connecting");
    last().open();
    last().say({ type: "welcome", position: "p9", resumed: true });
    await settle();
    expect(live.state()).toBe("online");
  });

  test("a head that is ahead of us is asked about, at most once a minute, and fills what was lost", async () => {
    const live = make({ poll });
    await online(live);
    last().say({ type: "ping", position: "p0" });
    expect(asked).toHaveLength(0);
    last().say({ type: "ping", position: "p4" });
    last().say({ type: "ping", position: "p4" });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ after: "p0", wait: 0 });
    asked[0]!.answer({ events: [posted(4)], position: "p4", resumed: true });
    await settle();
    expect(events).toEqual(["p4"]);
    last().say({ type: "ping", position: "p4" });
    await clock.move(61_000);
    expect(asked).toHaveLength(1);
  });
});

test("the address of the live route follows the page's own scheme", () => {
  expect(liveUrl("/v1/live", "https://w.test:8443")).toBe("wss://w.test:8443/v1/live");
  expect(liveUrl("/v1/live", "http://127.0.0.1:8080")).toBe("ws://127.0.0.1:8080/v1/live");
});

test("random cuts lose nothing and keep the order", async () => {
  for (let round = 0; round < 30; round++) {
    clock = fakeClock();
    sockets = [];
    const got: number[] = [];
    const log = Array.from({ length: 40 }, (_, i) => posted(i + 1));
    let random = round * 7919 + 1;
    const next = () => (random = (random * 48271) % 2147483647) / 2147483647;
    const live = make({
      onEvent: (event: LiveEvent) => event.type === "message_posted" && got.push(event.seq),
    });
    live.start("p0");
    for (let step = 0; step < 400 && got.at(-1) !== 40; step++) {
      await settle();
      const socket = last();
      if (socket.readyState === 0) {
        socket.open();
        const hello = socket.sent[0] as { after: string };
        socket.say({ type: "welcome", position: "p40", resumed: true });
        const from = Number(hello.after.slice(1));
        const upTo = from + Math.ceil(next() * 5);
        for (const event of log.slice(from, upTo)) socket.say(event);
        if (upTo < 40) socket.end([1001, 1006, 1012, 4401, 4408][Math.floor(next() * 5)]!);
      }
      await clock.move(31_000);
    }
    expect(got).toEqual(log.map((_, i) => i + 1));
    live.stop();
  }
});
