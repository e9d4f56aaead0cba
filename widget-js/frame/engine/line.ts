/** The line to the server: one tab holds it, and every tab hears what comes over it. */

import { createLive, liveUrl, type Live } from "../../wire/socket";
import type { LiveEvent, LiveSignal, Opened, Polled, Position } from "../../wire/types";
import type { ChatState } from "../state";
import { createTabs, type Tabs } from "../tabs";
import { API } from "./api";
import type { Engine } from "./engine";
import { createHearing } from "./hearing";

/** What tabs tell each other. */
export type TabMessage =
  | { type: "event"; event: LiveEvent }
  | { type: "signal"; signal: LiveSignal }
  | { type: "link"; link: ChatState["link"] }
  | { type: "opened"; opened: Omit<Opened, "handle"> }
  | { type: "typing"; conversation_id: string; on: boolean };

export interface Line {
  readonly live: Live | null;
  readonly tabs: Tabs<TabMessage> | null;
  /** Stand in line for the socket, once. */
  open(): void;
  /** The place the first state stands for; later ones are known from the events. */
  startFrom(position: Position): void;
  moveTo(position: Position): void;
}

export function createLine(engine: Engine): Line {
  const hearing = createHearing(engine);
  let live: Live | null = null;
  let tabs: Tabs<TabMessage> | null = null;
  let after: Position | null = null;

  function lead(): () => void {
    const mine = (live ??= dial());
    mine.start(after);
    return () => mine.stop();
  }

  function dial(): Live {
    return createLive({
      url: liveUrl(`${API}/live`, location.origin),
      token: (isRefused) =>
        engine.session.token(isRefused).catch((error) => (engine.entrance.refusedBy(error) ? null : Promise.reject(error))),
      onEvent: (event) => shared({ type: "event", event }),
      onSignal: (signal) => shared({ type: "signal", signal }),
      onState(link, { reason }) {
        shared({ type: "link", link });
        if (reason === "suspended") engine.change({ phase: "suspended" });
      },
      onReset: () => engine.history.reload(),
      poll: (from, wait, signal) =>
        engine.rest.get<Polled>(`${API}/live/poll`, { query: { after: from, wait }, signal, timeoutMs: (wait + 15) * 1000 }),
    });
  }

  /** Heard here and passed on. */
  function shared(message: TabMessage) {
    hearing.hear(message);
    tabs?.post(message);
  }

  return {
    get live() {
      return live;
    },
    get tabs() {
      return tabs;
    },
    open: () => void (tabs ??= createTabs<TabMessage>({ name: `porchlight/${engine.widget}/live`, lead, heard: hearing.hear })),
    startFrom: (position) => void (after ??= position),
    moveTo: (position) => void (after = position || after),
  };
}
