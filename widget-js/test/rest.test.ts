import { describe, expect, test } from "vitest";
import { Problem, createRest, retryAfter } from "../wire/rest";

interface Call {
  url: string;
  init: RequestInit;
}

function answering(...answers: (Response | Error)[]) {
  const calls: Call[] = [];
  const fake = async (url: string | URL | Request, init: RequestInit = {}) => {
    calls.push({ url: String(url), init });
    const next = answers.shift();
    if (!next) throw new Error("nothing left to answer");
    if (next instanceof Error) throw next;
    return next;
  };
  return { calls, fetch: fake as typeof fetch };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

const bearer = (call: Call) => (call.init.headers as Record<string, string>)["authorization"];

describe("requests", () => {
  test("carry token, body and query", async () => {
    const { calls, fetch } = answering(json({ ok: true }));
    const rest = createRest({ base: "https://w.test", token: () => "t1", fetch });
    await rest.request("POST", "/x", { body: { a: 1 }, query: { limit: 5, cursor: null, q: "a b" } });
    expect(calls[0]?.url).toBe("https://w.test/x?limit=5&q=a+b");
    expect(calls[0]?.init).toMatchObject({ method: "POST", body: '{"a":1}' });
    expect(bearer(calls[0]!)).toBe("Bearer t1");
  });

  test("204 is nothing", async () => {
    expect(await createRest(answering(json(null, 204))).remove("/x")).toBeUndefined();
  });
});

describe("problems", () => {
  test("carry code, sentence, fields and Retry-After", async () => {
    const body = { title: "T", detail: "D", code: "rate_limited", request_id: "r", fields: [{ field: "f", code: "c", detail: "d" }] };
    const problem = await createRest(answering(json(body, 429, { "retry-after": "7" }))).get("/x").catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 429, code: "rate_limited", message: "D", requestId: "r", retryAfterMs: 7000, temporary: true });
  });

  test("a proxy's page, a dead network and a lie are problems too", async () => {
    const html = await createRest(answering(new Response("<h1>502</h1>", { status: 502 }))).get("/x").catch((error: unknown) => error);
    expect(html).toMatchObject({ status: 502, code: "http_502", temporary: true });
    const dead = await createRest(answering(new TypeError("failed"))).get("/x").catch((error: unknown) => error);
    expect(dead).toMatchObject({ status: 0, code: "network", temporary: true });
    const lie = await createRest(answering(new Response("<h1>welcome to the hotel</h1>"))).get("/x").catch((error: unknown) => error);
    expect(lie).toMatchObject({ code: "bad_answer" });
  });

  test("what only a person can change is not temporary", () => {
    for (const status of [400, 401, 403, 404, 409, 422]) expect(new Problem(status, {}).temporary).toBe(false);
  });
});

describe("a token that is over", () => {
  test("is renewed once for many requests, and each is repeated once", async () => {
    let token = "old";
    let renewals = 0;
    const { calls, fetch } = answering(json({}, 401), json({}, 401), json({ n: 1 }), json({ n: 2 }));
    const rest = createRest({
      token: () => token,
      refresh: async () => {
        renewals++;
        await Promise.resolve();
        return (token = "new");
      },
      fetch,
    });
    await Promise.all([rest.get("/a"), rest.get("/b")]);
    expect(renewals).toBe(1);
    expect(calls.map(bearer)).toEqual(["Bearer old", "Bearer old", "Bearer new", "Bearer new"]);
  });

  test("stays a problem when there is no new one", async () => {
    const rest = createRest({ ...answering(json({ code: "unauthenticated" }, 401)), token: () => "old", refresh: async () => null });
    await expect(rest.get("/a")).rejects.toMatchObject({ status: 401 });
  });

  test("is not renewed for anonymous requests", async () => {
    const rest = createRest({ ...answering(json({ code: "invalid_credentials" }, 401)), refresh: () => Promise.reject(new Error("asked")) });
    await expect(rest.post("/v1/sessions", {}, { anonymous: true })).rejects.toMatchObject({ code: "invalid_credentials" });
  });
});

test("Retry-After may be a date", () => {
  const at = Date.UTC(2026, 10, 21, 10, 0, 0);
  const headers = new Headers({ "retry-after": new Date(at + 5000).toUTCString() });
  expect(retryAfter({ headers }, at)).toBe(5000);
  expect(retryAfter({ headers: new Headers({ "retry-after": "soon" }) }, at)).toBeNull();
});
