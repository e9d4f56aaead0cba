import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Session } from "./session.ts";

let asked: string[];
let answer: () => Response;

/** Locks as browsers give them: one holder at a time, in order. */
function locks() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    request(name: string, run: () => Promise<unknown>) {
      const mine = (tails.get(name) ?? Promise.resolve()).then(run, run);
      tails.set(name, mine.catch(() => undefined));
      return mine;
    },
  };
}

const granted = () => Response.json({ access_token: `token ${asked.length}`, expires_in: 600 });
const problem = (status: number, code: string) => Response.json({ code, status }, { status });
let names = 0;

beforeEach(() => {
  names++;
  asked = [];
  answer = granted;
  vi.stubGlobal("navigator", { locks: locks() });
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const tab = () => new Session({ name: `test${names}`, refresh: "/refresh", current: "/current" });
const phase = (session: Session<never>) => session.state().phase;

describe("a session shared by tabs", () => {
  it("is renewed by one tab and taken over by the other", async () => {
    const [one, two] = [tab(), tab()];
    await Promise.all([one.start(), two.start()]);
    expect(asked).toEqual(["/refresh"]);
    expect(one.token()).toBe("token 1");
    expect(two.token()).toBe("token 1");
  });

  it("is renewed once more when the server has refused the token, not once per tab", async () => {
    const [one, two] = [tab(), tab()];
    await Promise.all([one.start(), two.start()]);
    const stale = one.token();
    const fresh = await Promise.all([one.renew(stale), two.renew(stale)]);
    expect(asked).toHaveLength(2);
    expect(fresh).toEqual(["token 2", "token 2"]);
  });

  it("ends in every tab", async () => {
    const [one, two] = [tab(), tab()];
    await Promise.all([one.start(), two.start()]);
    one.end("signed_out");
    await vi.waitFor(() => expect(two.state()).toEqual({ phase: "out", reason: "signed_out" }));
    expect(two.token()).toBeNull();
  });
});

describe("a refusal", () => {
  it("by a dead server signs nobody out", async () => {
    const one = tab();
    await one.start();
    answer = () => problem(503, "unavailable");
    await expect(one.renew(one.token())).rejects.toMatchObject({ status: 503 });
    expect(phase(one as never)).toBe("in");
  });

  it("at the start says nothing to a stranger, and unreachable when nobody answers", async () => {
    answer = () => problem(401, "session_ended");
    const stranger = tab();
    await stranger.start();
    expect(stranger.state()).toEqual({ phase: "out", reason: null });
    answer = () => problem(503, "unavailable");
    const waiting = tab();
    await waiting.start();
    expect(phase(waiting as never)).toBe("unreachable");
  });

  it("of a renewal says that the session has ended, or why", async () => {
    const one = tab();
    await one.start();
    answer = () => problem(401, "tenant_suspended");
    expect(await one.renew(one.token())).toBeNull();
    expect(one.state()).toEqual({ phase: "out", reason: "suspended" });
  });
});
