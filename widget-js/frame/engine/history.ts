/** What was said before: pages of this conversation, and the visitor's earlier ones. */

import { emptyThread } from "../../wire/inbox";
import type { MessagePage, VisitorConversation } from "../../wire/types";
import { API } from "./api";
import type { Engine } from "./engine";

export interface History {
  loadLatest(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Fetch what the screen shows again; answers the place in the stream it stands for. */
  reload(): Promise<string | null>;
  conversations(): Promise<VisitorConversation[]>;
  showPast(): void;
  read(conversation: VisitorConversation): void;
  showChat(): void;
}

export function createHistory(engine: Engine): History {
  const show = (page: MessagePage, conversation_id: string, direction: "before" | "after" | "latest") =>
    engine.store.dispatch({ type: "page_loaded", page, conversation_id, direction });
  let olderBusy = false;

  function loadPage(id: string, query: Record<string, number> = {}): Promise<MessagePage> {
    return engine.rest.get<MessagePage>(`${API}/conversations/${id}/messages`, { query: { limit: 50, ...query } });
  }

  async function loadLatest() {
    const { conversation, thread } = engine.store.get();
    if (!conversation) return;
    engine.change({ history: thread?.messages.length ? "ready" : "loading" });
    try {
      show(await loadPage(conversation.id), conversation.id, "latest");
    } catch {
      if (engine.store.get().history === "loading") engine.change({ history: "failed" });
    }
  }

  async function loadOlder() {
    const { screen, reading, thread } = engine.store.get();
    const shown = screen === "reading" ? reading : thread;
    const first = shown?.messages[0];
    if (!shown?.has_more || !first || olderBusy) return;
    olderBusy = true;
    try {
      show(await loadPage(shown.conversation_id, { before_seq: first.seq }), shown.conversation_id, "before");
    } catch {
      // The sentinel stays in view; the next scroll asks again.
    } finally {
      olderBusy = false;
    }
  }

  async function reload(): Promise<string | null> {
    const { conversation, thread } = engine.store.get();
    if (!conversation) return null;
    const { id } = conversation;
    const last = thread?.messages.at(-1)?.seq;
    const page = await loadPage(id, last ? { after_seq: last } : {});
    show(page, id, last ? "after" : "latest");
    const fresh = (await conversations()).find((one) => one.id === id);
    if (fresh) engine.store.dispatch({ type: "entered", visitor: engine.store.get().visitor!, conversation: fresh });
    engine.seen.tellUnread();
    return page.position;
  }

  async function conversations(): Promise<VisitorConversation[]> {
    return (await engine.rest.get<{ items: VisitorConversation[] }>(`${API}/conversations`)).items;
  }

  function showPast() {
    engine.change({ screen: "past", past: null, reading: null });
    conversations().then(
      (past) => engine.change({ past }),
      () => engine.change({ screen: "chat" }),
    );
  }

  function read({ id, receipts }: VisitorConversation) {
    if (id === engine.store.get().conversation?.id) return showChat();
    engine.change({ screen: "reading", reading: emptyThread(id, receipts) });
    loadPage(id).then(
      (page) => show(page, id, "latest"),
      () => engine.change({ screen: "past", reading: null }),
    );
  }

  function showChat() {
    engine.change({ screen: "chat", reading: null });
    engine.seen.mark();
  }

  return { loadLatest, loadOlder, reload, conversations, showPast, read, showChat };
}
