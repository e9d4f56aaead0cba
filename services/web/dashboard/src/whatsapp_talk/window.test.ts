import { describe, expect, it } from "vitest";
import type { Window } from "wire";
import { freeText, leftText, shutText, windowState } from "./window.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const now = Date.parse("2026-11-21T12:00:00Z");
const at = (ms: number) => new Date(now + ms).toISOString();
const window = (more: Partial<Window> = {}): Window => ({ last_inbound_at: at(-3 * HOUR), open_until: at(21 * HOUR), free_until: null, refused_at: null, ...more });

describe("the window", () => {
  it("is not there where a channel has none", () => {
    expect(windowState(null, now).kind).toBe("none");
  });

  it("counts down and warns below two hours", () => {
    expect(windowState(window(), now)).toEqual({ kind: "open", left: 21 * HOUR, tone: "calm" });
    expect(windowState(window({ open_until: at(2 * HOUR) }), now)).toMatchObject({ tone: "calm" });
    expect(windowState(window({ open_until: at(2 * HOUR - 1) }), now)).toMatchObject({ tone: "soon" });
  });

  it("shuts on the second, and says why", () => {
    expect(windowState(window({ open_until: at(1) }), now).kind).toBe("open");
    expect(windowState(window({ open_until: at(0) }), now)).toEqual({ kind: "shut", why: "passed" });
    expect(windowState(window({ open_until: null, last_inbound_at: null }), now)).toEqual({ kind: "shut", why: "never" });
  });

  it("believes WhatsApp before our clock", () => {
    expect(windowState(window({ refused_at: at(-MINUTE) }), now)).toEqual({ kind: "shut", why: "refused" });
  });

  it.each([
    [21 * HOUR + 59 * MINUTE, "21 h"],
    [2 * HOUR, "2 h"],
    [85 * MINUTE, "1 h 25 min"],
    [HOUR, "1 h 0 min"],
    [59 * MINUTE + 59_000, "59 min"],
    [59_000, "Less than a minute"],
  ])("says %d ms as %s", (left, text) => {
    expect(leftText(left)).toBe(text);
  });

  it("gives each reason its own sentence", () => {
    const texts = (["never", "passed", "refused"] as const).map((why) => shutText(window(), why));
    expect(new Set(texts).size).toBe(3);
    expect(texts.every((text) => text.includes("template"))).toBe(true);
  });

  it("says until when nothing is charged, while that lasts", () => {
    expect(freeText(window({ free_until: at(HOUR) }), now)).toMatch(/^Free of charge until /);
    expect(freeText(window({ free_until: at(-1) }), now)).toBeNull();
    expect(freeText(window(), now)).toBeNull();
  });
});
