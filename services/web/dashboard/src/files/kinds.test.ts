import { describe, expect, it } from "vitest";
import type { SentFile } from "./kinds.ts";
import { grouped, isFileNames, sizeText, splitName, stateText, typesText } from "./kinds.ts";
import { filesHeight, gridHeight, pictureBox, TILE, UNKNOWN } from "./box.ts";

const file = (more: Partial<SentFile> = {}): SentFile => ({
  id: "fil_1",
  name: "lamp.jpg",
  kind: "image",
  media_type: "image/jpeg",
  bytes: 1000,
  width: 1600,
  height: 1200,
  state: "ready",
  reason: null,
  scan: "clean",
  findings: [],
  created_at: "2026-11-21T10:00:00.000Z",
  ...more,
});

describe("types in words", () => {
  it("puts the two spellings of one type behind one choice", () => {
    const [pictures] = grouped(["png", "jpeg", "jpg"]);
    expect(pictures?.choices).toEqual([["png"], ["jpg", "jpeg"]]);
    expect(grouped(["jpeg"])[0]?.choices).toEqual([["jpeg"]]);
  });

  it("keeps a type nobody here knows instead of hiding it", () => {
    expect(grouped(["pdf", "step"]).map(({ group }) => group)).toEqual(["documents", "other"]);
  });

  it("says them as a person would", () => {
    expect(typesText(["jpg", "jpeg", "png", "webp", "gif", "pdf", "docx"])).toBe("Pictures, PDF and DOCX");
    expect(typesText(["pdf"])).toBe("PDF");
    expect(typesText([])).toBe("");
  });
});

describe("sizes", () => {
  it("read as the limits are set", () => {
    const said = [0, 1, 2_000, 10 * 1024 ** 2, 1.25 * 1024 ** 2, 1024 ** 2 - 1, 5 * 1024 ** 3].map((bytes) => sizeText(bytes, "en"));
    expect(said).toEqual(["0 kB", "1 kB", "2 kB", "10 MB", "1.3 MB", "1 MB", "5 GB"]);
  });
});

describe("names", () => {
  it("keep their ending when they are cut", () => {
    const [head, tail] = splitName("a very long name of some quarterly report.final.xlsx");
    expect(tail).toMatch(/\.xlsx$/);
    expect(head + tail).toBe("a very long name of some quarterly report.final.xlsx");
    expect(splitName("short.pdf")).toEqual(["short.pdf", ""]);
  });

  it("lose the marks that turn them around", () => {
    expect(splitName("photo\u202Egnp.exe").join("")).toBe("photognp.exe");
  });

  it("are told apart from words in a row's preview", () => {
    expect(isFileNames("lamp.jpg")).toBe(true);
    expect(isFileNames("lamp.jpg, invoice 7.pdf")).toBe(true);
    expect(isFileNames("Thanks, see lamp.jpg, please")).toBe(false);
    expect(isFileNames("Is it there? It is lamp.jpg")).toBe(false);
    expect(isFileNames("")).toBe(false);
    const cut = `${"a".repeat(60)}.jpg, ${"b".repeat(70)}.jpg`.slice(0, 120);
    expect(isFileNames(cut)).toBe(true);
  });
});

describe("states", () => {
  it("are said with the reason, also with one of a newer server", () => {
    expect(stateText(file({ state: "refused", reason: "infected" }))).toBe("Refused: a virus was found in it.");
    expect(stateText(file({ state: "gone", reason: "erased" }))).toBe("No longer available: it was deleted.");
    expect(stateText(file({ state: "refused", reason: "moon" }))).toBe("Refused: it cannot be opened.");
    expect(stateText(file())).toBe("");
  });
});

describe("room in the thread", () => {
  it("has the picture's shape and stays within its bounds", () => {
    expect(pictureBox({ width: 1600, height: 1200 })).toEqual({ width: 320, height: 240 });
    expect(pictureBox({ width: 40, height: 3000 }).height).toBe(300);
    expect(pictureBox({ width: 10, height: 10 })).toEqual({ width: 96, height: 72 });
    expect(pictureBox({ width: null, height: null })).toEqual(UNKNOWN);
  });

  it("is as high as its rows of tiles, however many pictures there are", () => {
    expect(gridHeight([file(), file()])).toBe(TILE);
    expect(gridHeight(Array.from({ length: 5 }, () => file()))).toBe(2 * TILE + 4);
    expect(gridHeight(Array.from({ length: 10 }, () => file()))).toBe(2 * TILE + 4);
  });

  it("counts a refused picture as a card", () => {
    expect(filesHeight([file({ state: "refused", reason: "unreadable" })])).toBe(62);
    expect(filesHeight([])).toBe(0);
  });
});
