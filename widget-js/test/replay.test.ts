/**
 * Stories recorded on the real server: what a screen had loaded, the events it heard, and what
 * loading it anew showed at each look. The reducers here and those of the server's own tests
 * are held to the same files.
 */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  emptyInbox,
  emptyThread,
  learn,
  reduceInbox,
  reduceThread,
  reduceVisitorConversation,
  reduceVisitorThread,
  rowsOf,
  type ThreadState,
} from "../wire/inbox";
import type { Conversation, LiveEvent, Message, Receipts, VisitorConversation } from "../wire/types";

interface Look<S> {
  events: number;
  fresh: S;
}

interface Story<S> {
  kind: string;
  state: S;
  events: LiveEvent[];
  looks: Look<S>[];
  fresh: S;
}

/** One kind of screen: how it is loaded, how an event changes it, and what of it is shown. */
interface Screen<Loaded, State> {
  load(loaded: Loaded): State;
  reduce(state: State, event: LiveEvent): State;
  show(state: State): Loaded;
}

interface AgentThread {
  conversation_id: string;
  messages: readonly Message[];
  receipts: Receipts;
}

interface VisitorThread {
  conversation: VisitorConversation;
  messages: readonly Message[];
}

const inbox = {
  load: (rows: Conversation[]) => learn(emptyInbox, rows),
  reduce: reduceInbox,
  show: (state: ReturnType<typeof reduceInbox>) => rowsOf(state, { view: "all", status: "all", sort: "newest", me: "" }),
};

const thread: Screen<AgentThread, ThreadState> = {
  load: ({ conversation_id, messages, receipts }) => ({ ...emptyThread(conversation_id, receipts), messages }),
  reduce: reduceThread,
  show: ({ conversation_id, messages, receipts }) => ({ conversation_id, messages, receipts }),
};

const visitorThread: Screen<VisitorThread, { conversation: VisitorConversation; thread: ThreadState }> = {
  load: ({ conversation, messages }) => ({
    conversation,
    thread: { ...emptyThread(conversation.id, conversation.receipts), messages },
  }),
  reduce: (state, event) => ({
    conversation: reduceVisitorConversation(state.conversation, event),
    thread: reduceVisitorThread(state.thread, event),
  }),
  show: (state) => ({ conversation: state.conversation, messages: state.thread.messages }),
};

function recorded<S>(kind: string): Story<S> {
  return JSON.parse(readFileSync(new URL(`../../tests/fixtures/replay/${kind}.json`, import.meta.url), "utf8")) as Story<S>;
}

function replay<L, S>(screen: Screen<L, S>, loaded: L, events: LiveEvent[]): L {
  return screen.show(events.reduce(screen.reduce, screen.load(loaded)));
}

function holds<L, S>(kind: string, screen: Screen<L, S>, matters: LiveEvent["type"][]) {
  const story = recorded<L>(kind);
  const { state, events, looks } = story;

  describe(`the recorded story of ${kind}`, () => {
    test("tells of itself and says something", () => {
      expect(story.kind).toBe(kind);
      expect(events.length).toBeGreaterThan(5);
      expect(looks.length).toBeGreaterThan(5);
      expect(looks.at(-1)!.events).toBe(events.length);
    });

    test.each(looks)("after $events events the screen shows what loading it anew shows", (look) => {
      expect(replay(screen, state, events.slice(0, look.events))).toEqual(look.fresh);
    });

    test("and so it does at the end", () => expect(replay(screen, state, events)).toEqual(story.fresh));

    test("and when every event comes twice, as after a resume", () => {
      expect(replay(screen, state, events.flatMap((event) => [event, event]))).toEqual(story.fresh);
    });

    // The proof that the proof can fail: whichever event that matters here is lost, some look notices.
    test.each(matters)("a lost %s would be noticed", (lost) => {
      const differs = looks.some(({ events: count, fresh }) => {
        const heard = events.slice(0, count).filter((event) => event.type !== lost);
        return JSON.stringify(sorted(replay(screen, state, heard))) !== JSON.stringify(sorted(fresh));
      });
      expect(differs).toBe(true);
    });
  });
}

/** Members in one order, so that two texts are equal when two values are. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}

const IN_THREADS: LiveEvent["type"][] = ["message_posted", "receipt_moved"];
const IN_ROWS: LiveEvent["type"][] = [...IN_THREADS, "conversation_status_changed", "conversation_assigned", "conversation_context_changed"];

holds("agent_list", inbox, [...IN_ROWS, "conversation_opened", "contact_changed"]);
holds("thread", thread, IN_THREADS);
holds("visitor_thread", visitorThread, IN_ROWS);
