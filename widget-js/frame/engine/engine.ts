/**
 * The parts of the conversation's engine, and what they share.
 *
 * Each part is made with the engine and looks the others up when it needs them, so none of
 * them may call another while it is being made.
 */

import { createOutbox, type Outbox } from "../../wire/outbox";
import { tabChannel, webLock } from "../../wire/outbox_tabs";
import { createRest, type Rest } from "../../wire/rest";
import { healFiles, isUploaded } from "../../wire/upload_message";
import type { ToFrame } from "../../wire/port";
import type { Bridge } from "../bridge";
import { createKeep, lateStore, type Keep } from "../keep";
import { createSession, type SessionKeeper } from "../session";
import { initialState, reduce, type Action, type ChatState, type Words } from "../state";
import { createStore, type Store } from "../store";
import { createAttaching, type Attaching } from "./attaching";
import { createEntrance, type Entrance } from "./entrance";
import { createHistory, type History } from "./history";
import { createLine, type Line } from "./line";
import { createPlace, type Place } from "./place";
import { createProfile, type ProfileKeeper } from "./profile";
import { createSeen, type Seen } from "./seen";
import { createSending, isTemporary, type Sending, type Sent } from "./sending";
import { createTyping, type Typing } from "./typing";


export class Engine {
  readonly widget: string;
  readonly keep: Keep;
  readonly store: Store<ChatState, Action>;
  readonly attaching: Attaching = createAttaching(this);
  readonly entrance: Entrance = createEntrance(this);
  readonly history: History = createHistory(this);
  readonly line: Line = createLine(this);
  readonly place: Place = createPlace(this);
  readonly profile: ProfileKeeper = createProfile(this);
  readonly seen: Seen = createSeen(this);
  readonly sending: Sending = createSending(this);
  readonly typing: Typing = createTyping(this);
  readonly session: SessionKeeper;
  readonly rest: Rest;
  readonly outbox: Outbox<Words>;

  constructor(
    readonly bridge: Bridge,
    init: ToFrame & { type: "init" },
  ) {
    this.widget = init.config.widget;
    this.keep = createKeep(this.widget);
    this.store = createStore(reduce, stateOf(init, bridge, this.keep));
    this.session = createSession({
      bridge,
      handle: () => this.keep.get("handle"),
      identity: () => this.profile.identity(),
      onSession: (session) => this.entrance.entered(session),
      onRenewed: (token) => this.line.live?.token(token),
      onRules: (rules) => this.change({ rules }),
    });
    this.rest = createRest({ token: this.session.current, refresh: () => this.session.token(true) });
    this.outbox = outboxOf(this);
  }

  change(part: Partial<ChatState>) {
    this.store.dispatch({ type: "changed", change: part });
  }
}

function stateOf(init: ToFrame & { type: "init" }, bridge: Bridge, keep: Keep): ChatState {
  return {
    ...initialState(init.config),
    page: init.page,
    isOpen: init.open,
    isFull: init.full,
    theme: init.theme,
    host: bridge.parentOrigin,
    hasAnsweredAsk: keep.get("asked") !== null,
    isMuted: keep.get("muted") !== null,
  };
}

function outboxOf(engine: Engine): Outbox<Words> {
  const name = `porchlight/${engine.widget}/outbox`;
  return createOutbox<Words, Sent>({
    store: lateStore<Words>(engine.widget, engine.keep),
    send: (item) => engine.sending.send(item),
    onSent: (_, sent) => engine.sending.sent(sent),
    onChange(items) {
      engine.change({ outbox: items });
      engine.attaching.changed(items);
    },
    isReady: isUploaded,
    heal: healFiles,
    exclusive: webLock(name),
    channel: tabChannel(name),
    isTemporary,
  });
}
