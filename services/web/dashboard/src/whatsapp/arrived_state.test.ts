import { expect, it } from "vitest";
import type { WhatsAppItem } from "wire";
import { lags, mayReplay } from "./arrived_state.ts";

let nth = 0;
const line = (number_id: string | null, state: WhatsAppItem["state"], at: string): WhatsAppItem => ({ delivery_id: "wdl_1", nth: nth++, number_id, kind: "message", what: "text", state, error: null, at });

it("says of each number what waits since when and what failed, the worst first", () => {
  const lines = [line("a", "done", "2026-01-01T10:03:00Z"), line("b", "waiting", "2026-01-01T10:02:00Z"), line("b", "waiting", "2026-01-01T10:01:00Z"), line("c", "failed", "2026-01-01T10:00:00Z")];
  expect(lags(lines)).toEqual([
    { number: "c", waiting: 0, failed: 1, since: null, last: "2026-01-01T10:00:00Z" },
    { number: "b", waiting: 2, failed: 0, since: "2026-01-01T10:01:00Z", last: "2026-01-01T10:02:00Z" },
    { number: "a", waiting: 0, failed: 0, since: null, last: "2026-01-01T10:03:00Z" },
  ]);
  expect(lags([])).toEqual([]);
});

it("tries again what is not done", () => {
  expect((["done", "waiting", "ignored", "failed"] as const).map((state) => mayReplay({ state }))).toEqual([false, true, true, true]);
});
