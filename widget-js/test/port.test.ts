import { afterEach, describe, expect, test } from "vitest";
import { readConfig, readToFrame, readToLoader } from "../wire/port";

const config = { widget: "wgt_0123abc", display: "popup", online: true, settings: { color: "#102030", title: "Shop", offset_x: 5 } };

describe("what passes", () => {
  test("an opening with its settings made whole", () => {
    const message = readToFrame({ type: "init", config, locale: "de", theme: "dark", page: { url: "https://a.test/x", title: "A" }, open: true, full: false });
    expect(message).toMatchObject({
      type: "init",
      locale: "de",
      theme: "dark",
      open: true,
      full: false,
      config: { display: "popup", settings: { color: "#102030", offset_x: 5, offset_y: 20, position: "right", greeting: "" } },
    });
  });

  test("focus only when it is plainly asked for", () => {
    expect(readToFrame({ type: "open", focus: true })).toEqual({ type: "open", focus: true });
    expect(readToFrame({ type: "open", focus: "yes" })).toEqual({ type: "open", focus: false });
  });

  test("only named fields, freshly made", () => {
    const given = { type: "ticket", ticket: "abc", api: "https://evil.test", then: () => {} };
    const read = readToFrame(given);
    expect(read).toEqual({ type: "ticket", ticket: "abc" });
    expect(read).not.toBe(given);
    expect(readToLoader({ type: "unread", count: 3, url: "https://evil.test" })).toEqual({ type: "unread", count: 3 });
  });

  test("no message carries an address of ours, whatever is put into it", () => {
    const hostile = { api: "https://evil.test", base: "https://evil.test", frame_url: "https://evil.test", url: "https://evil.test" };
    const types = ["init", "open", "closed", "full", "ticket", "refused", "identify", "locale", "theme"];
    for (const type of types) {
      const read = readToFrame({ ...hostile, type, config: { ...config, ...hostile }, ticket: "t", token: "t", locale: "en", theme: "dark" });
      expect(JSON.stringify(read)).not.toContain("evil");
    }
  });
});

describe("what does not", () => {
  test.each([
    undefined,
    null,
    0,
    "",
    "ready",
    [],
    {},
    { type: null },
    { type: {} },
    { type: "navigate", url: "https://evil.test" },
    { type: "unread", count: -1 },
    { type: "unread", count: 1.5 },
    { type: "unread", count: "3" },
    { type: "unread", count: Infinity },
    { type: "message", author: "visitor" },
    { type: "error", code: "x".repeat(65) },
    { type: "constructor" },
    { type: "__proto__" },
  ])("to the loader: %j", (data) => expect(readToLoader(data)).toBeNull());

  test.each([
    { type: "ticket" },
    { type: "ticket", ticket: "x".repeat(513) },
    { type: "ticket", ticket: { toString: (): string => "x" } },
    { type: "init" },
    { type: "init", config: { ...config, widget: "../../evil" } },
    { type: "init", config: { ...config, widget: "wgt_<script>" } },
    { type: "page", page: { url: "javascript:alert(1)", title: "" } },
    { type: "page", page: { url: "https://x/".padEnd(3000, "x") } },
    { type: "theme", theme: "url(https://evil.test)" },
    { type: "identify", token: "x".repeat(9000) },
  ])("to the frame: %j", (data) => expect(readToFrame(data)).toBeNull());

  test("odd settings take their defaults", () => {
    const settings = { color: "red;background:url(//evil)", offset_x: 1e9, offset_y: "5", title: 7, theme: "neon", position: "top", ask_contact: "yes" };
    expect(readConfig({ ...config, settings })?.settings).toMatchObject({
      color: "#2f5bea",
      offset_x: 20,
      offset_y: 20,
      title: "",
      theme: "auto",
      position: "right",
      ask_contact: false,
    });
  });
});

describe("polluted prototypes", () => {
  afterEach(() => {
    for (const key of ["type", "ticket", "config", "count", "code", "token", "open"]) delete (Object.prototype as Record<string, unknown>)[key];
  });

  test("decide nothing", () => {
    Object.assign(Object.prototype, { type: "ticket", ticket: "stolen", config, count: 9, code: "x", token: "t", open: true });
    expect(readToFrame({})).toBeNull();
    expect(readToLoader({})).toBeNull();
    expect(readToFrame({ type: "ticket" })).toBeNull();
    expect(readToFrame({ type: "init" })).toBeNull();
    expect(readToFrame({ type: "init", config })).toMatchObject({ open: false });
  });

  test("cannot be made by a message", () => {
    const hostile = JSON.parse('{"type":"set","profile":{"name":"V","attributes":{"__proto__":{"admin":true},"constructor":"x","prototype":1,"plan":"pro"}}}') as unknown;
    const read = readToFrame(hostile) as { profile: { attributes: Record<string, unknown> } };
    expect(Object.keys(read.profile.attributes)).toEqual(["plan"]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

test("ten thousand random values never throw and never pass as something else", () => {
  let seed = 42;
  const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const types = ["ready", "ticket", "close", "unread", "message", "conversation", "error", "init", "open", "set", "context", "page", "theme", "locale", "full", "refused", "identify", "nothing"];
  const keys = ["type", "count", "ticket", "config", "page", "url", "title", "profile", "attributes", "__proto__", "constructor", "code", "author", "id", "status", "context", "settings", "widget"];
  const value = (depth: number): unknown => {
    switch (next(depth > 3 ? 7 : 9)) {
      case 0: return null;
      case 1: return undefined;
      case 2: return next(1000) - 500;
      case 3: return "x".repeat(next(9000));
      case 4: return types[next(types.length)];
      case 5: return next(2) === 0;
      case 6: return "https://a.test/";
      case 7: return Array.from({ length: next(4) }, () => value(depth + 1));
      default: {
        const made: Record<string, unknown> = {};
        for (let i = next(6); i > 0; i--) Object.defineProperty(made, keys[next(keys.length)]!, { value: value(depth + 1), enumerable: true, configurable: true, writable: true });
        return made;
      }
    }
  };
  for (let i = 0; i < 10_000; i++) {
    const data = { ...(value(0) as object), type: types[next(types.length)] };
    for (const read of [readToFrame(data), readToLoader(data)]) {
      if (read) expect(read.type).toBe(data.type);
    }
  }
}, 30_000);
