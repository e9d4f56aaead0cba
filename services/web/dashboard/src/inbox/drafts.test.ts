import { describe, expect, it } from "vitest";
import { draftStore, emptyDraft } from "./drafts.ts";

function shelf(full = false) {
  const items = new Map<string, string>();
  return {
    items,
    get length() {
      return items.size;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (full) throw new Error("QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
  };
}

describe("drafts", () => {
  it("keeps reply and note apart, per person and conversation", () => {
    const place = shelf();
    const mia = draftStore(place, "agt_mia");
    mia.write("cnv_1", { mode: "note", reply: "Hello", note: "Is this the same Kim?" });
    expect(mia.read("cnv_1")).toEqual({ mode: "note", reply: "Hello", note: "Is this the same Kim?" });
    expect(mia.read("cnv_2")).toEqual(emptyDraft);
    expect(draftStore(place, "agt_jonas").read("cnv_1")).toEqual(emptyDraft);
    expect(mia.all()).toEqual(["cnv_1"]);
  });

  it("leaves nothing behind when the words are gone", () => {
    const place = shelf();
    const mia = draftStore(place, "agt_mia");
    mia.write("cnv_1", { ...emptyDraft, reply: "Hello" });
    expect(place.items.size).toBe(1);
    mia.write("cnv_1", { ...emptyDraft, reply: "  " });
    expect(place.items.size).toBe(0);
  });

  it("survives what it does not understand, and a full shelf", () => {
    const place = shelf();
    place.items.set("porchlight.draft.agt_mia.cnv_1", "{nonsense");
    place.items.set("porchlight.draft.agt_mia.cnv_2", '{"mode":"shout","reply":7}');
    const mia = draftStore(place, "agt_mia");
    expect(mia.read("cnv_1")).toEqual(emptyDraft);
    expect(mia.read("cnv_2")).toEqual(emptyDraft);
    expect(() => draftStore(shelf(true), "agt_mia").write("cnv_1", { ...emptyDraft, reply: "Hi" })).not.toThrow();
  });
});
