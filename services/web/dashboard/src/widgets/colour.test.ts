import { describe, expect, it } from "vitest";
import { contrast, ink, inkOn, isColour, white } from "./colour.ts";

describe("colours", () => {
  it("knows the ends of the scale", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 1);
    expect(contrast("#777777", "#777777")).toBe(1);
  });

  it("chooses the words that can be read", () => {
    expect(inkOn("#1a2b6d")).toBe(white);
    expect(inkOn("#f5b545")).toBe(ink);
  });

  it("takes six digits and nothing else", () => {
    expect(isColour("#A1b2c3")).toBe(true);
    expect(isColour("#abc")).toBe(false);
    expect(isColour("red")).toBe(false);
  });
});
