import { describe, expect, it } from "vitest";
import { actionFor, bindings, capsOf, type Press } from "./keys.ts";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: "",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe("keys", () => {
  it("acts on single letters, and on the shifted one differently", () => {
    expect(actionFor(press("e"), false)).toBe("resolve");
    expect(actionFor(press("E", { shiftKey: true }), false)).toBe("resolve-next");
    expect(actionFor(press("J"), false)).toBe("next");
  });

  it("leaves the text alone while somebody types, but not the palette", () => {
    expect(actionFor(press("e"), true)).toBeNull();
    expect(actionFor(press("k", { ctrlKey: true }), true)).toBe("palette");
    expect(actionFor(press("k", { metaKey: true }), false)).toBe("palette");
    expect(actionFor(press("r", { ctrlKey: true }), false)).toBeNull();
  });

  it("goes by the place of the key where it writes no Latin letter", () => {
    expect(actionFor(press("о", { code: "KeyJ" }), false)).toBe("next");
    expect(actionFor(press("У", { code: "KeyE", shiftKey: true }), false)).toBe("resolve-next");
  });

  it("goes by what the key writes where it does: AZERTY's A sits on Q", () => {
    expect(actionFor(press("a", { code: "KeyQ" }), false)).toBe("assign");
    expect(actionFor(press("q", { code: "KeyA" }), false)).toBeNull();
  });

  it("takes signs however a layout writes them", () => {
    expect(actionFor(press("?", { shiftKey: true }), false)).toBe("cheat-sheet");
    expect(actionFor(press("/", { shiftKey: true, code: "Digit7" }), false)).toBe("filter");
    expect(actionFor(press("[", { ctrlKey: true, altKey: true, code: "Digit8" }), false)).toBe("list");
    expect(actionFor(press("]", { altKey: true, code: "Digit6" }), false)).toBe("panel");
    expect(actionFor(press("3"), false)).toBe("all");
  });

  it("attaches with Ctrl or Command and Alt, and lets AltGr write", () => {
    const alt = { altKey: true, code: "KeyA" };
    expect(actionFor(press("a", { ctrlKey: true, ...alt }), true)).toBe("attach");
    expect(actionFor(press("å", { metaKey: true, ...alt }), true)).toBe("attach");
    expect(actionFor(press("ф", { ctrlKey: true, ...alt }), false)).toBe("attach");
    expect(actionFor(press("ą", { ctrlKey: true, ...alt }), true)).toBeNull();
    expect(actionFor(press("a", alt), false)).toBeNull();
    expect(capsOf("attach").split(" ")).toHaveLength(3);
  });

  it("is quiet while an input method composes", () => {
    expect(actionFor(press("e", { isComposing: true }), false)).toBeNull();
  });

  it("binds no key twice and names every cap", () => {
    const names = bindings.map((binding) => `${binding.command ?? false} ${binding.alt ?? false} ${binding.shift ?? false} ${binding.key}`);
    expect(new Set(names).size).toBe(names.length);
    for (const binding of bindings) expect(capsOf(binding.action)).not.toBe("");
  });
});
