import { describe, expect, it } from "vitest";
import { Problem } from "wire";
import { refusalOf } from "./refusal.ts";

const refused = (code: number, subcode: number | null = null) => new Problem(409, { code: "meta_refused", detail: "Meta says: no", meta: { code, subcode, trace: "Abc" } });

describe("what Meta refused", () => {
  it("keeps Meta's words, code and trace", () => {
    expect(refusalOf(refused(131000))).toEqual({ text: "Meta says: no", code: 131000, trace: "Abc", fix: "again" });
  });

  it.each([
    [190, null, "token"],
    [100, 33, "id"],
    [200, null, "permission"],
    [133005, null, "pin"],
    [133016, null, "wait"],
    [136025, null, "code"],
    [131042, null, "payment"],
    [999999, null, null],
  ])("knows what to do about %s", (code, subcode, fix) => expect(refusalOf(refused(code, subcode)).fix).toBe(fix));

  it("says what was wrong with a field, and survives anything else", () => {
    const field = new Problem(422, { code: "invalid", fields: [{ field: "token", code: "token_unusable", detail: "The token is over. Make a new one." }] });
    expect(refusalOf(field)).toMatchObject({ text: "The token is over. Make a new one.", fix: null });
    expect(refusalOf(new Problem(503, { code: "meta_unavailable", detail: "Away." })).fix).toBe("again");
    expect(refusalOf("odd").text).toBe("odd");
  });
});
