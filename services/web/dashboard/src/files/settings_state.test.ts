import { describe, expect, it } from "vitest";
import type { FilePolicy } from "./api.ts";
import { bytesOf, draftOf, isShorter, MB, policyOf, samePolicy, toggled, whole } from "./settings_state.ts";

const policy: FilePolicy = { most: 3, max_bytes: 10 * MB, types: ["pdf", "jpg"], legacy_office: false, scan: { away: "hold", too_large: "refuse" } };
const known = { ceiling: { most: 10, max_bytes: 25 * MB, types: ["pdf", "jpg", "jpeg"], quota_bytes: 5 * 1024 * MB } };

describe("the form of what may be sent", () => {
  it("gives back what it was given", () => {
    expect(policyOf(draftOf(policy), known)).toEqual(policy);
  });

  it("takes numbers as people write them, within the ceiling", () => {
    expect(bytesOf("2,5", known.ceiling.max_bytes)).toBe(2.5 * MB);
    expect(bytesOf("26", known.ceiling.max_bytes)).toBeNull();
    expect(bytesOf("0", known.ceiling.max_bytes)).toBeNull();
    expect(bytesOf("ten", known.ceiling.max_bytes)).toBeNull();
    expect([whole("0", 0, 10), whole("11", 0, 10), whole("2.5", 0, 10), whole("", 0, 10), whole("-1", 0, 10)]).toEqual([0, null, null, null, null]);
  });

  it("is not whole while nothing is ticked or a field is wrong", () => {
    expect(policyOf({ ...draftOf(policy), types: [] }, known)).toBeNull();
    expect(policyOf({ ...draftOf(policy), most: "many" }, known)).toBeNull();
  });

  it("ticks two spellings as one", () => {
    expect(toggled(["pdf"], ["jpg", "jpeg"], true)).toEqual(["pdf", "jpg", "jpeg"]);
    expect(toggled(["jpg", "pdf", "jpeg"], ["jpg", "jpeg"], false)).toEqual(["pdf"]);
  });

  it("knows the same policy in another order", () => {
    expect(samePolicy(policy, { ...policy, types: ["jpg", "pdf"] })).toBe(true);
    expect(samePolicy(policy, { ...policy, legacy_office: true })).toBe(false);
  });
});

describe("how long files are kept", () => {
  it("warns when something would be erased that is kept now", () => {
    expect(isShorter({ website: 90, whatsapp: null }, { website: 90, whatsapp: 3650 })).toBe(true);
    expect(isShorter({ website: 90, whatsapp: 30 }, { website: null, whatsapp: 31 })).toBe(false);
  });
});
