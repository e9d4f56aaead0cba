import { describe, expect, it } from "vitest";
import { dayName, longAge, shortAge } from "./time.ts";

const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
const ago = (ms: number) => new Date(now - ms);

describe("times as people say them", () => {
  it("is short in a list", () => {
    expect(shortAge(ago(5_000), now)).toBe("now");
    expect(shortAge(ago(5 * 60_000), now)).toBe("5m");
    expect(shortAge(ago(3 * 3_600_000), now)).toBe("3h");
    expect(shortAge(ago(2 * 86_400_000), now, "en-GB")).toBe("Thu");
    expect(shortAge(new Date(2026, 2, 12), now, "en-GB")).toBe("12 Mar");
    expect(shortAge(new Date(2024, 2, 12), now, "en-GB")).toBe("12 Mar 2024");
  });

  it("treats a clock that runs ahead as now", () => {
    expect(shortAge(ago(-4_000), now)).toBe("now");
  });

  it("says both past and future in a sentence", () => {
    expect(longAge(ago(120_000), now, "en")).toBe("2 minutes ago");
    expect(longAge(ago(-3 * 3_600_000), now, "en")).toBe("in 3 hours");
    expect(longAge("nonsense", now)).toBe("");
  });

  it("counts calendar days, not spans of 24 hours", () => {
    const evening = new Date(2026, 10, 20, 23, 50).getTime();
    const justAfterMidnight = new Date(2026, 10, 21, 0, 10).getTime();
    expect(dayName(evening, justAfterMidnight, "en")).toBe("Yesterday");
    expect(dayName(justAfterMidnight, now, "en")).toBe("Today");
    expect(dayName(new Date(2026, 10, 18), now, "en")).toBe("Wednesday");
    expect(dayName(new Date(2025, 10, 18), now, "en-GB")).toBe("18 November 2025");
  });
});
