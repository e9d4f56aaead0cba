import { describe, expect, it } from "vitest";
import { bytesOf, gibibytes, mebibytes } from "./room_state.ts";

describe("sizes that operators type", () => {
  it.each([
    ["5", 5 * 1024 ** 3],
    ["0,5", 0.5 * 1024 ** 3],
    [" 1.25 ", 1.25 * 1024 ** 3],
    ["0", 0],
  ])("%s is a number", (typed, bytes) => expect(bytesOf(typed, 1024 ** 3)).toBe(bytes));

  it.each(["", "-1", "five", "1e9", "1.2.3", "Infinity"])("%s is none", (typed) => expect(bytesOf(typed, 1)).toBeUndefined());

  it("are shown as they are typed", () => {
    expect(bytesOf(gibibytes(5 * 1024 ** 3), 1024 ** 3)).toBe(5 * 1024 ** 3);
    expect(mebibytes(25 * 1024 ** 2)).toBe("25");
  });
});
