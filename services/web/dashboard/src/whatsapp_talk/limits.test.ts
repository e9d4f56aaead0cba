import { describe, expect, it } from "vitest";
import { CAPTION, fileProblem, kindFor, mostLetters, needsWords, TEXT } from "./limits.ts";
import { oneEmoji } from "./signs.ts";
import { emptyForm, formOf, keptInsert, phoneOf, read, type Insert } from "./insert.ts";

const MB = 1024 * 1024;

describe("what WhatsApp takes", () => {
  it("knows kinds by their endings", () => {
    expect(["a.JPG", "b.mp4", "c.ogg", "d.pdf", "e.zip", "f.webp"].map(kindFor)).toEqual(["image", "video", "audio", "document", "document", "sticker"]);
    expect(kindFor("g.gif")).toBeNull();
  });

  it("says before sending what would be refused, and lets the rest go", () => {
    expect(fileProblem({ name: "lamp.jpg", size: 5 * MB })).toBeNull();
    expect(fileProblem({ name: "lamp.jpg", size: 5 * MB + 1 })).toBe("lamp.jpg is too large: WhatsApp takes pictures up to 5 MB.");
    expect(fileProblem({ name: "film.mov", size: 1 })).toContain("film.mov");
    expect(fileProblem({ name: "plan.pdf", size: 100 * MB })).toBeNull();
    expect(fileProblem({ name: "plan.pdf", size: 101 * MB })).toContain("100 MB");
  });

  it("has less room for words beside files and buttons", () => {
    const buttons: Insert = { type: "buttons", buttons: [] };
    expect([mostLetters(0, null), mostLetters(1, null), mostLetters(0, buttons)]).toEqual([TEXT, CAPTION, CAPTION]);
    expect([needsWords(buttons), needsWords({ type: "contacts", cards: [] })]).toEqual([true, false]);
  });
});

describe("what goes into a message beside words", () => {
  const faults = (form: Parameters<typeof read>[0]) => {
    const found = read(form);
    return "faults" in found ? Object.keys(found.faults) : [];
  };

  it("sends the buttons that have words", () => {
    const found = read({ ...emptyForm("buttons"), titles: ["Yes", " No ", ""], descriptions: ["", "", ""] });
    expect(found).toEqual({ insert: { type: "buttons", buttons: [{ id: "button-1", title: "Yes", description: null }, { id: "button-2", title: "No", description: null }] } });
  });

  it("names what is wrong, field by field", () => {
    expect(faults(emptyForm("buttons"))).toEqual(["title 0"]);
    expect(faults({ ...emptyForm("buttons"), titles: ["Yes", "Yes"] })).toEqual(["title 1"]);
    expect(faults({ ...emptyForm("buttons"), titles: ["x".repeat(21)] })).toEqual(["title 0"]);
    expect(faults({ ...emptyForm("list"), titles: ["Oak"], descriptions: ["x".repeat(73)] })).toEqual(["description 0", "button"]);
    expect(faults({ ...emptyForm("link"), button: "Guide", url: "http://x.example" })).toEqual(["url"]);
    expect(faults({ ...emptyForm("location"), latitude: "91", longitude: "" })).toEqual(["latitude", "longitude"]);
    expect(faults({ ...emptyForm("contacts"), name: "Rui", phone: "0171 123" })).toEqual(["phone"]);
  });

  it("reads degrees as half of Europe writes them", () => {
    expect(read({ ...emptyForm("location"), latitude: "51,5034", longitude: "-0,12" })).toMatchObject({ insert: { latitude: 51.5034, longitude: -0.12 } });
  });

  it("comes back from a draft as it went, and nonsense as nothing", () => {
    const insert: Insert = { type: "list", button: "See", rows: [{ id: "row-1", title: "Oak", description: "Light" }] };
    expect(keptInsert(JSON.parse(JSON.stringify(insert)))).toEqual(insert);
    expect(read(formOf(insert))).toEqual({ insert });
    for (const nonsense of [{}, { type: "list" }, { type: "buttons", buttons: [{}] }, "x", { type: "link", label: "a", url: "javascript:alert(1)" }]) expect(keptInsert(nonsense)).toBeNull();
  });

  it("takes a phone as people write it, with its country", () => {
    expect(phoneOf("+44 (20) 7946-0018")).toBe("+442079460018");
    for (const bad of ["020 7946 0018", "+0 123 456 789", "+44", "+44 abc 1234567"]) expect(phoneOf(bad)).toBeNull();
  });
});

describe("a sign of one's own choice", () => {
  it("is one emoji", () => {
    expect(["👍", " 👩‍👩‍👧 ", "🇵🇹", "❤️"].map(oneEmoji)).toEqual(["👍", "👩‍👩‍👧", "🇵🇹", "❤️"]);
    expect(["", "ok", "👍👍", "a", "1"].map(oneEmoji)).toEqual([null, null, null, null, null]);
  });
});
