import { describe, expect, test } from "vitest";
import {
  addMessages,
  addPage,
  deliveryOf,
  emptyInbox,
  emptyThread,
  learn,
  reduceConversation,
  reduceInbox,
  reduceThread,
  reduceVisitorConversation,
  reduceVisitorList,
  reduceVisitorThread,
  rowsOf,
} from "../wire/inbox";
import type { LiveEvent } from "../wire/types";
import { agent, conversation, file, message, posted, visitor, visitorConversation } from "./samples";

const moved = (side: "agent" | "visitor", state: "delivered" | "read", seq: number, unread: number): LiveEvent => ({
  type: "receipt_moved",
  conversation_id: "cnv_1",
  side,
  state,
  seq,
  unread,
  position: "p",
  at: "2026-11-21T11:00:00.000Z",
});

describe("an agents' row", () => {
  test("a visitor's message counts as unread and moves the visitor's own receipts", () => {
    const next = reduceConversation(conversation(), posted(1, { body: "one\ntwo" }));
    expect(next).toMatchObject({ unread: 1, last_seq: 1, preview: "one two", last_author: "visitor" });
    expect(next.last_message_at).toBe(next.updated_at);
    expect(next.receipts).toMatchObject({ visitor_read_seq: 1, visitor_delivered_seq: 1, agent_read_seq: 0 });
  });

  test("the same event twice changes nothing the second time", () => {
    const once = reduceConversation(conversation(), posted(1));
    expect(reduceConversation(once, posted(1))).toBe(once);
  });

  test("an agent's public reply reads everything; a note only moves the last seq", () => {
    const asked = reduceConversation(conversation(), posted(1));
    const noted = reduceConversation(asked, posted(2, { author: agent, visibility: "note", body: "secret" }));
    expect(noted).toMatchObject({ last_seq: 2, unread: 1, preview: "words 1", last_author: "visitor" });
    expect(noted.last_message_at).toBe(asked.last_message_at);
    expect(noted.receipts).toBe(asked.receipts);
    const answered = reduceConversation(noted, posted(3, { author: agent, body: "reply" }));
    expect(answered).toMatchObject({ unread: 0, preview: "reply", last_author: "agent" });
    expect(answered.receipts).toMatchObject({ agent_delivered_seq: 3, agent_read_seq: 3, visitor_read_seq: 1 });
  });

  test("receipts never move backwards, and only the own side's unread is taken", () => {
    const asked = reduceConversation(conversation(), posted(5));
    const read = reduceConversation(asked, moved("agent", "read", 5, 0));
    expect(read).toMatchObject({ unread: 0, receipts: { agent_read_seq: 5, agent_delivered_seq: 5 } });
    expect(reduceConversation(read, moved("agent", "read", 3, 0))).toBe(read);
    const other = reduceConversation(asked, moved("visitor", "read", 5, 0));
    expect(other.unread).toBe(1);
  });

  test("the preview is cut after 120 characters, not inside one", () => {
    const next = reduceConversation(conversation(), posted(1, { body: "😀".repeat(130) }));
    expect(Array.from(next.preview)).toHaveLength(120);
  });
});

describe("the agents' list", () => {
  test("an event about an unknown conversation names it as missing until it is learnt", () => {
    const state = reduceInbox(emptyInbox, posted(1));
    expect([...state.missing]).toEqual(["cnv_1"]);
    expect(state.position).toBe("p1");
    const known = learn(state, [conversation({ last_seq: 1 })]);
    expect(known.missing.size).toBe(0);
    expect(known.conversations.size).toBe(1);
  });

  test("an older copy from a slow answer does not undo an event", () => {
    const seen = reduceInbox(learn(emptyInbox, [conversation()]), posted(4));
    expect(learn(seen, [conversation({ last_seq: 2 })]).conversations.get("cnv_1")?.last_seq).toBe(4);
  });

  test("views filter and order like the server", () => {
    const mine = conversation({ id: "cnv_a", assignee: { id: "agt_1", name: "Ada" }, last_message_at: "2026-11-21T10:00:01.000Z" });
    const free = conversation({ id: "cnv_b", last_message_at: "2026-11-21T10:00:02.000Z" });
    const closed = conversation({ id: "cnv_c", status: "resolved" });
    const state = learn(emptyInbox, [mine, free, closed]);
    const ids = (view: "all" | "mine" | "unassigned", sort: "newest" | "oldest" = "newest") =>
      rowsOf(state, { view, status: "open", sort, me: "agt_1" }).map((one) => one.id);
    expect(ids("all")).toEqual(["cnv_b", "cnv_a"]);
    expect(ids("all", "oldest")).toEqual(["cnv_a", "cnv_b"]);
    expect(ids("mine")).toEqual(["cnv_a"]);
    expect(ids("unassigned")).toEqual(["cnv_b"]);
  });
});

describe("a thread", () => {
  test("messages come in any order, once, and stay sorted", () => {
    let state = emptyThread("cnv_1");
    for (const seq of [3, 1, 2, 3, 1]) state = addMessages(state, [message(seq)]);
    expect(state.messages.map((one) => one.seq)).toEqual([1, 2, 3]);
  });

  test("another conversation's events leave it as it is", () => {
    const state = emptyThread("cnv_2");
    expect(reduceThread(state, posted(1))).toBe(state);
  });

  test("a jump is named for agents, and is normal for visitors, whose notes are missing", () => {
    const one = reduceThread(emptyThread("cnv_1"), posted(1));
    const jumped = reduceThread(one, posted(4));
    expect(jumped.gap_after).toBe(1);
    const filled = addPage(jumped, { items: [message(2), message(3)], has_more: false }, "after");
    expect(filled.gap_after).toBeNull();
    const theirs = reduceVisitorThread(reduceVisitorThread(emptyThread("cnv_1"), posted(1)), posted(4));
    expect(theirs.gap_after).toBeNull();
    expect(theirs.messages).toHaveLength(2);
  });

  test("a note never enters a visitor's thread", () => {
    const state = emptyThread("cnv_1");
    expect(reduceVisitorThread(state, posted(1, { author: agent, visibility: "note" }))).toBe(state);
  });

  test("delivery follows the other side's receipts", () => {
    let state = reduceVisitorThread(emptyThread("cnv_1"), posted(1));
    expect(state.messages[0]?.delivery).toBe("sent");
    state = reduceVisitorThread(state, moved("agent", "delivered", 1, 1));
    expect(state.messages[0]?.delivery).toBe("delivered");
    state = reduceVisitorThread(state, moved("agent", "read", 1, 0));
    expect(state.messages[0]?.delivery).toBe("read");
    const receipts = { ...state.receipts, visitor_read_seq: 9 };
    expect(deliveryOf(message(9, { author: agent }), receipts)).toBe("read");
    expect(deliveryOf(message(10, { author: visitor }), receipts)).toBe("sent");
  });

  test("an agent's answer shows that they have read", () => {
    const state = reduceVisitorThread(reduceVisitorThread(emptyThread("cnv_1"), posted(1)), posted(2, { author: agent }));
    expect(state.messages[0]?.delivery).toBe("read");
  });
});

describe("a visitor's conversation", () => {
  test("counts what agents write and forgets it when the visitor answers", () => {
    let own = reduceVisitorConversation(visitorConversation(), posted(1));
    expect(own.unread).toBe(0);
    own = reduceVisitorConversation(own, posted(2, { author: agent }));
    own = reduceVisitorConversation(own, posted(3, { author: { kind: "bot", id: null, name: "Bot" } }));
    expect(own.unread).toBe(2);
    own = reduceVisitorConversation(own, moved("visitor", "read", 3, 0));
    expect(own).toMatchObject({ unread: 0, receipts: { visitor_read_seq: 3 } });
  });

  test("learns only the assignee's name", () => {
    const event: LiveEvent = {
      type: "conversation_assigned",
      conversation_id: "cnv_1",
      assignee: { id: "agt_1", name: "Ada" },
      by: agent,
      position: "p",
      at: "2026-11-21T11:00:00.000Z",
    };
    expect(reduceVisitorConversation(visitorConversation(), event).assignee).toEqual({ name: "Ada" });
  });
});

describe("files", () => {
  const changed = (seq: number, one = file("fil_1")): LiveEvent => ({ type: "file_changed", conversation_id: "cnv_1", seq, file: one, position: "p9", at: "2026-11-21T11:00:00.000Z" });
  const checking = message(2, { files: [file("fil_0"), file("fil_1", { state: "checking" })] });
  const before = addMessages(emptyThread("cnv_1"), [message(1), checking, message(3)]);

  test.each([
    ["agents", reduceThread],
    ["visitors", reduceVisitorThread],
  ])("a file that changed is replaced in its message, and nothing else, for %s", (_, reduce) => {
    const after = reduce(before, changed(2));
    expect(after.messages[1]!.files.map((one) => one.state)).toEqual(["ready", "ready"]);
    expect(after.messages[0]).toBe(before.messages[0]);
    expect(after.messages[2]).toBe(before.messages[2]);
    expect(after.messages[1]!.files[0]).toBe(checking.files[0]);
    expect({ ...after, messages: [] }).toEqual({ ...before, messages: [] });
    expect(reduce(after, changed(2)), "the same again changes nothing").toBe(after);
    expect(reduce(before, changed(1)), "another message's").toBe(before);
    expect(reduce(before, changed(7)), "a message that is not here").toBe(before);
    expect(reduce(before, changed(2, file("fil_9"))), "a file it never had").toBe(before);
  });

  test("a refusal and a finding are changes, too", () => {
    const ready = reduceThread(before, changed(2));
    expect(reduceThread(ready, changed(2, file("fil_1", { findings: ["secret"] }))).messages[1]!.files[1]!.findings).toEqual(["secret"]);
    expect(reduceThread(ready, changed(2, file("fil_1", { state: "gone", reason: "expired" }))).messages[1]!.files[1]!.reason).toBe("expired");
  });

  test("a row of the list does not move when a file was checked", () => {
    const state = reduceInbox(learn(emptyInbox, [conversation()]), posted(2, checking));
    expect(state.conversations.get("cnv_1")).toBe(reduceInbox(state, changed(2)).conversations.get("cnv_1"));
    expect(reduceInbox(learn(emptyInbox, [conversation()]), posted(2, { body: "", files: checking.files })).conversations.get("cnv_1")!.preview).toBe("fil_0.pdf, fil_1.pdf");
  });
});

describe("a deleted conversation", () => {
  const deleted: LiveEvent = { type: "conversation_deleted", conversation_id: "cnv_1", position: "p9", at: "2026-11-21T11:00:00.000Z" };

  test("leaves the list, also when it was only known to be missing", () => {
    const state = reduceInbox(learn(emptyInbox, [conversation(), conversation({ id: "cnv_2" })]), deleted);
    expect([...state.conversations.keys()]).toEqual(["cnv_2"]);
    expect(reduceInbox(reduceInbox(emptyInbox, posted(1)), deleted).missing.size).toBe(0);
    expect(reduceInbox(state, deleted).conversations).toBe(state.conversations);
    expect(reduceInbox(emptyInbox, deleted).missing.size, "nobody goes to fetch it").toBe(0);
  });

  test("empties its thread, and leaves another alone", () => {
    const thread = addMessages(emptyThread("cnv_1"), [message(1)]);
    expect(reduceThread(thread, deleted).messages).toEqual([]);
    expect(reduceVisitorThread(reduceVisitorThread(thread, deleted), deleted)).toEqual(emptyThread("cnv_1"));
    const other = emptyThread("cnv_2");
    expect(reduceThread(other, deleted)).toBe(other);
  });

  test("leaves the visitor's list", () => {
    const list = [visitorConversation(), visitorConversation({ id: "cnv_2" })];
    expect(reduceVisitorList(list, deleted).map((one) => one.id)).toEqual(["cnv_2"]);
    expect(reduceVisitorList([list[1]!], deleted)).toEqual([list[1]]);
    expect(reduceVisitorList(list, posted(1))[1]).toBe(list[1]);
  });
});

test("any order and repetition of the same events ends in the same thread", () => {
  const events = [1, 2, 3, 4, 5].map((seq) => posted(seq, seq % 2 ? {} : { author: agent }));
  const straight = events.reduce(reduceVisitorThread, emptyThread("cnv_1"));
  for (let round = 0; round < 50; round++) {
    const shuffled = [...events, ...events].sort(() => Math.random() - 0.5);
    const state = shuffled.reduce(reduceVisitorThread, emptyThread("cnv_1"));
    expect(state.messages).toEqual(straight.messages);
    expect(state.receipts).toEqual(straight.receipts);
  }
});
