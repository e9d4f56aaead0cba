import { describe, expect, test } from "vitest";
import { addMessages, emptyThread } from "../wire/inbox";
import type { LiveEvent } from "../wire/types";
import type { AttachedFile } from "../wire/upload_message";
import { refusalText, why } from "../frame/files/words";
import { knowFileWords } from "../frame/i18n";
import { boxOf, heightOf } from "../frame/view/box";
import { filesEn } from "../frame/files/en";
import { en } from "../frame/i18n/en";
import { initialState, limitedUntil, reduce, waitingWords, connectionOf, type Action, type ChatState, type Words } from "../frame/state";
import { contrast, parseColor, readableOn, textOn } from "../frame/theme";
import { rowsOf } from "../frame/view/rows";
import type { OutboxItem } from "../wire/outbox";
import { readConfig } from "../wire/port";
import { agent, file, message, posted, visitorConversation } from "./samples";

const config = readConfig({ widget: "wgt_1", settings: {} })!;
const visitor = { id: "con_1", name: null, email: null, phone: null, known: true, verified: false };

function item(client_id: string, given: Partial<OutboxItem<Words>> = {}): OutboxItem<Words> {
  return {
    client_id,
    lane: "chat",
    payload: { body: "words", conversation_id: null, page: null, context: null },
    order: 1,
    state: "queued",
    attempts: 0,
    next_at: 0,
    failure: null,
    created_at: "2026-11-21T10:00:00.000Z",
    ...given,
  };
}

const entered = (given = {}): ChatState =>
  reduce(initialState(config), { type: "entered", visitor, conversation: visitorConversation(given) });

describe("the panel's state", () => {
  test("own words that came back as a message are shown once", () => {
    let state = entered();
    state = reduce(state, { type: "changed", change: { outbox: [item("c1"), item("c2")] } });
    expect(waitingWords(state)).toHaveLength(2);
    state = reduce(state, { type: "event", event: posted(1) });
    expect(waitingWords(state).map((one) => one.client_id)).toEqual(["c2"]);
  });

  test("the bubble of sent words keeps its key", () => {
    const [, before] = rowsOf([], [item("c1")]);
    const [, after] = rowsOf([message(1)], []);
    expect(after?.key).toBe(before?.key);
  });

  test("writing in a closed conversation opens it in the visitor's eyes too", () => {
    const state = reduce(entered({ status: "resolved" }), { type: "posted", posted: { message: message(1), position: "p1" } });
    expect(state.conversation?.status).toBe("open");
  });

  test("an agent's words end their typing", () => {
    const typing = reduce(entered(), { type: "changed", change: { typing: agent } });
    expect(reduce(typing, { type: "event", event: posted(1, { author: agent }) }).typing).toBeNull();
    expect(reduce(typing, { type: "event", event: posted(1) }).typing).not.toBeNull();
  });

  test("beginning anew forgets the conversation but not the words that wait", () => {
    const state = reduce(reduce(entered(), { type: "changed", change: { outbox: [item("c9")] } }), { type: "began_anew" });
    expect(state).toMatchObject({ conversation: null, thread: null, history: "none" });
    expect(waitingWords(state)).toHaveLength(1);
  });

  test("the connection is told as it is", () => {
    const state = initialState(config);
    expect(connectionOf(state)).toBe("connecting");
    expect(connectionOf({ ...state, phase: "ready" })).toBe("online");
    expect(connectionOf({ ...state, phase: "ready", link: "waiting" })).toBe("offline");
    expect(connectionOf({ ...state, isOffline: true })).toBe("offline");
  });

  test("a limit is known by its code", () => {
    const slow = item("c1", { failure: { code: "rate_limited", text: "" }, next_at: 99 });
    expect(limitedUntil({ ...initialState(config), outbox: [slow] })).toBe(99);
    expect(limitedUntil({ ...initialState(config), outbox: [item("c1", { failure: { code: "network", text: "" } })] })).toBeNull();
  });
});

describe("rows", () => {
  test("days are named once, groups end with a change of author or after five minutes", () => {
    const at = (minute: number) => ({ created_at: `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z` });
    const rows = rowsOf([message(1, at(0)), message(2, at(1)), message(3, { author: agent, ...at(2) }), message(4, at(3)), message(5, at(30))], []);
    expect(rows.filter((row) => "day" in row)).toHaveLength(1);
    const shape = rows.flatMap((row) => ("day" in row ? [] : [`${row.isFirst ? "F" : ""}${row.isLast ? "L" : ""}`]));
    expect(shape).toEqual(["F", "L", "FL", "FL", "FL"]);
  });
});

describe("files", () => {
  const state = (given: Partial<ChatState>) => ({ ...entered(), ...given });
  const attached: AttachedFile = { upload: "u1", name: "a.png", size: 9, width: 40, height: 30, file_id: null };
  const on = (event: object): LiveEvent => ({ conversation_id: "cnv_1", position: "p9", at: "2026-11-21T11:00:00.000Z", ...event }) as LiveEvent;

  test("a bubble carries the files of its message, or those on their way", () => {
    const waiting = item("c9", { payload: { body: "", conversation_id: null, page: null, context: null, files: [attached] } });
    const rows = rowsOf([message(1, { files: [file("fil_1")] })], [waiting]).flatMap((row) => ("day" in row ? [] : [row]));
    expect(rows.map(({ files, attached }) => [files.length, attached.length])).toEqual([[1, 0], [0, 1]]);
  });

  test("an item stored before messages had files has none", () => expect(rowsOf([], [item("c1")]).at(-1)).toMatchObject({ attached: [] }));

  test("a verdict changes the thread that is talked in, and the one that is read", () => {
    const checking = message(1, { files: [file("fil_1", { state: "checking" })] });
    const thread = addMessages(emptyThread("cnv_1"), [checking]);
    const after = reduce(state({ thread, reading: thread }), { type: "event", event: on({ type: "file_changed", seq: 1, file: file("fil_1") }) });
    expect([after.thread, after.reading].map((one) => one!.messages[0]!.files[0]!.state)).toEqual(["ready", "ready"]);
  });

  test("a deleted conversation leaves the screen it is on", () => {
    const deleted: Action = { type: "event", event: on({ type: "conversation_deleted" }) };
    expect(reduce(entered(), deleted)).toMatchObject({ conversation: null, thread: null, history: "none" });
    const past = [visitorConversation(), visitorConversation({ id: "cnv_2" })];
    const elsewhere = state({ conversation: past[1]!, past, reading: emptyThread("cnv_1"), screen: "reading" });
    const after = reduce(elsewhere, deleted);
    expect(after).toMatchObject({ conversation: past[1], reading: null, screen: "chat" });
    expect(after.past!.map((one) => one.id)).toEqual(["cnv_2"]);
  });

  test("room is kept for what is not drawn yet", () => {
    expect(boxOf({ width: 1200, height: 900 })).toEqual({ width: 228, height: 171 });
    expect(boxOf({ width: 500, height: 1400 })).toEqual({ width: 107, height: 300 });
    expect(boxOf({ width: 20, height: 4000 })).toEqual({ width: 96, height: 300 });
    expect(boxOf({ width: null, height: null })).toEqual({ width: 228, height: 171 });
    const picture = { kind: "image", width: 100, height: 100 };
    expect(heightOf([picture, { kind: "document", width: null, height: null }])).toBe(100 + 6 + 52);
    expect([2, 3, 4, 5].map((n) => heightOf(Array.from({ length: n }, () => picture)))).toEqual([112, 230, 228, 344]);
  });

  test("every reason the server gives has a sentence, and an unknown one is no error", () => {
    const codes = "type_not_allowed type_mismatch unreadable too_large picture_too_large macro infected scan_too_large scan_unavailable archive_bomb checker_failed expired erased lost".split(" ");
    knowFileWords(filesEn);
    for (const code of [...codes, "upload_limit", "storage_full", "bytes_lost", "file_empty", "files_off"]) expect(why(code), code).toMatch(/\.$/);
    expect(why("constructor")).toBe("");
    expect(why(null)).toBe("");
  });

  test("a refusal names its limit", () => {
    knowFileWords(filesEn);
    expect(refusalText({ code: "file_too_large", name: "a", max_bytes: 10_485_760 })).toContain("10 MB");
    expect(refusalText({ code: "too_many_files", name: "a", most: 3 })).toContain("3");
    expect(refusalText({ code: "file_type_refused", name: "a", types: ["pdf", "png"] })).toContain("pdf, png");
  });
});

describe("colours", () => {
  test.each(["#000000", "#ffffff", "#ffff00", "#2f5bea", "#7f7f7f", "#ff0000", "#00c853", "#d81b60", "#767676"])("%s can be read on and from", (color) => {
    const accent = parseColor(color);
    expect(contrast(accent, textOn(accent))).toBeGreaterThanOrEqual(4.3);
    for (const paper of [[255, 255, 255], [27, 31, 40]] as [number, number, number][]) {
      expect(contrast(readableOn(accent, paper), paper)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("languages", () => {
  test.each(["de", "fr", "es", "pt", "it", "nl", "ar"])("%s says everything, with the same blanks", async (language) => {
    const { words } = (await import(`../frame/i18n/${language}.ts`)) as { words: Record<string, string> };
    const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const [key, text] of Object.entries({ ...en, ...filesEn })) {
      expect(words[key], key).toBeTruthy();
      expect(blanks(words[key]!), key).toEqual(blanks(text));
    }
  });
});
