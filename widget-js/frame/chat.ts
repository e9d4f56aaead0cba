/**
 * The conversation, as the panel's views see it: one state, and what a person may do.
 *
 * Nothing is told to the server about a visitor who has not written: until then there is a
 * session (which makes no row) and no socket. Words go through the outbox alone.
 */

import type { ToFrame } from "../wire/port";
import type { OutboxItem } from "../wire/outbox";
import type { VisitorConversation } from "../wire/types";
import type { Bridge } from "./bridge";
import { Engine } from "./engine/engine";
import type { Action, ChatState, Words } from "./state";
import type { Store } from "./store";

export interface Chat {
  store: Store<ChatState, Action>;
  start(): void;
  hear(message: ToFrame): void;
  send(body: string): void;
  /** Something with files is about to be done or shown. */
  warmFiles(): void;
  attach(files: readonly File[]): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  typing(isTyping: boolean): void;
  loadOlder(): Promise<void>;
  reload(): void;
  beginAnew(): void;
  showPast(): void;
  read(conversation: VisitorConversation): void;
  showChat(): void;
  saveContact(given: { name?: string; email?: string }): Promise<void>;
  dismissAsk(): void;
  mute(isMuted: boolean): void;
  close(): void;
}

export function createChat(bridge: Bridge, init: ToFrame & { type: "init" }): Chat {
  const engine = new Engine(bridge, init);
  const { store, outbox, history, profile, attaching } = engine;
  const onItem = (id: string, run: (item: OutboxItem<Words>) => void) => outbox.items().filter((one) => one.client_id === id).forEach(run);
  watchBrowser(engine);
  return {
    store,
    start: () => void engine.entrance.start(),
    hear: (message) => hear(engine, message),
    send: engine.sending.say,
    warmFiles: attaching.warm,
    attach: attaching.attach,
    retry: (id) => onItem(id, (item) => (item.payload.files ? attaching.retry(item) : void outbox.retry(id))),
    discard: (id) => onItem(id, (item) => (item.payload.files ? attaching.discard(item) : void outbox.discard(id))),
    typing: engine.typing.tell,
    loadOlder: history.loadOlder,
    reload: () => void history.loadLatest(),
    beginAnew: () => store.dispatch({ type: "began_anew" }),
    showPast: history.showPast,
    read: history.read,
    showChat: history.showChat,
    saveContact: profile.saveContact,
    dismissAsk: profile.dismissAsk,
    mute: (isMuted) => mute(engine, isMuted),
    close: () => bridge.tell({ type: "close" }),
  };
}

/** What the page around us says. */
function hear(engine: Engine, message: ToFrame) {
  switch (message.type) {
    case "open":
      engine.change({ isOpen: true, focusOn: engine.store.get().focusOn + (message.focus ? 1 : 0) });
      return engine.seen.mark();
    case "closed":
      return engine.change({ isOpen: false });
    case "full":
      return engine.change({ isFull: message.full });
    case "page":
      return engine.place.onPage(message.page);
    case "context":
      return engine.place.about(message.context);
    case "identify":
      return engine.profile.identify(message.token);
    case "set":
      return engine.profile.set(message.profile);
    case "theme":
      return engine.change({ theme: message.theme });
  }
}

function mute(engine: Engine, isMuted: boolean) {
  if (isMuted) engine.keep.set("muted", "1");
  else engine.keep.remove("muted");
  engine.change({ isMuted });
}

/** The network or the person came back. */
function watchBrowser(engine: Engine) {
  const { line, seen, outbox } = engine;
  window.addEventListener("online", () => {
    line.live?.wake();
    void outbox.wake();
    engine.attaching.wake();
  });
  window.addEventListener("offline", () => engine.change({ isOffline: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    line.live?.wake();
    seen.mark();
  });
  window.addEventListener("focus", seen.mark);
}
