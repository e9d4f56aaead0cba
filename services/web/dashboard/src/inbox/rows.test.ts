import { describe, expect, it } from "vitest";
import { emptyInbox, learn, type Conversation, type Message } from "wire";
import { everything } from "../router.ts";
import { listRows, neighbour, threadRows } from "./rows.ts";
import { freshList, type Waiting } from "./state.ts";

const message = (seq: number, minute: number, more: Partial<Message> = {}): Message => ({
  id: `msg_${seq}`,
  conversation_id: "cnv_1",
  seq,
  client_id: `c${seq}`,
  author: { kind: "visitor", id: "con_1", name: "Kim" },
  body: "Hello",
  files: [],
  visibility: "public",
  delivery: "sent",
  reply_to: null,
  extra: null,
  created_at: new Date(2026, 10, 21, 10, minute).toISOString(),
  ...more,
});

const conversation = (id: string, at: string, assignee: string | null = null) =>
  ({ id, last_message_at: at, status: "open", last_seq: 1, assignee: assignee && { id: assignee, name: "" } }) as Conversation;

const waiting = (client_id: string) => ({ client_id, lane: "cnv_1" }) as Waiting;

describe("a thread's rows", () => {
  it("groups what one person writes within minutes", () => {
    const rows = threadRows([message(1, 0), message(2, 1), message(3, 30)], [], null);
    const groups = rows.flatMap((row) => (row.kind === "message" ? [[row.starts, row.ends]] : []));
    expect(groups).toEqual([[true, false], [false, true], [true, true]]);
  });

  it("puts a note apart from a reply by the same person", () => {
    const mia = { kind: "agent", id: "agt_1", name: "Mia" } as const;
    const rows = threadRows([message(1, 0, { author: mia }), message(2, 1, { author: mia, visibility: "note" })], [], null);
    expect(rows.filter((row) => row.kind === "message" && row.starts)).toHaveLength(2);
  });

  it("separates days and marks where the unread begin", () => {
    const yesterday = message(1, 0, { created_at: new Date(2026, 10, 20, 23, 59).toISOString() });
    const rows = threadRows([yesterday, message(2, 0), message(3, 1)], [], 3);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "day", "message", "unread", "message"]);
  });

  it("shows a waiting bubble until the message with its id is there", () => {
    expect(threadRows([message(1, 0)], [waiting("c9")], null).at(-1)?.key).toBe("c9");
    const rows = threadRows([message(1, 0), message(2, 1, { client_id: "c9" })], [waiting("c9")], null);
    expect(rows.filter((row) => row.key === "c9").map((row) => row.kind)).toEqual(["message"]);
  });
});

describe("a list's rows", () => {
  const inbox = learn(emptyInbox, [conversation("a", "3"), conversation("b", "2", "agt_2"), conversation("c", "1")]);

  it("hides what lies beyond the last loaded page", () => {
    const list = { ...freshList, cursor: "more", edge: { at: "2", id: "b" } };
    expect(listRows(inbox, list, everything, "me").map((row) => row.id)).toEqual(["a", "b"]);
    expect(listRows(inbox, { ...list, cursor: null }, everything, "me")).toHaveLength(3);
  });

  it("asks for one colleague's", () => {
    const rows = listRows(inbox, undefined, { ...everything, assignee: "agt_2" }, "me");
    expect(rows.map((row) => row.id)).toEqual(["b"]);
  });

  it("knows the neighbours and stops at the ends", () => {
    const rows = listRows(inbox, undefined, everything, "me");
    expect(neighbour(rows, "a", 1)).toBe("b");
    expect(neighbour(rows, "c", 1)).toBeNull();
    expect(neighbour(rows, null, 1)).toBe("a");
  });
});
