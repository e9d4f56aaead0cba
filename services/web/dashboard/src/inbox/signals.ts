/** What others are doing right now, and telling them what we do. Nothing here is kept, and a lost signal repairs itself. */
import type { LiveSignal } from "wire";
import type { Core } from "./core.ts";
import { applySignal } from "./state.ts";

const TYPING_SHOWN_MS = 7_000;
const TYPING_AGAIN_MS = 3_000;
const TYPING_STOPS_MS = 4_000;
const AWAY_AFTER_MS = 5 * 60_000;

export interface Signals {
  hear(signal: LiveSignal): void;
  typing(conversation: string): void;
  stoppedTyping(): void;
  viewing(conversation: string | null): void;
  /** Watches the page for the person leaving and coming back; returns its own clean-up. */
  watch(): () => void;
}

export function signals(core: Core): Signals {
  const fading = new Map<string, ReturnType<typeof setTimeout>>();
  let typed: { conversation: string; at: number } | null = null;
  let stops: ReturnType<typeof setTimeout> | undefined;
  let looking: string | null = null;
  let active = Date.now();
  let told = "";

  function hear(signal: LiveSignal) {
    core.store.set((state) => applySignal(state, signal));
    if (signal.type !== "typing") return;
    const key = `${signal.conversation_id} ${signal.author.id}`;
    clearTimeout(fading.get(key));
    fading.delete(key);
    // Who closed the laptop in the middle of a word never says "off".
    if (signal.on) fading.set(key, setTimeout(() => hear({ ...signal, on: false }), TYPING_SHOWN_MS));
  }

  function typing(conversation: string) {
    clearTimeout(stops);
    stops = setTimeout(stoppedTyping, TYPING_STOPS_MS);
    if (typed?.conversation === conversation && Date.now() - typed.at < TYPING_AGAIN_MS) return;
    if (typed && typed.conversation !== conversation) core.live().typing(typed.conversation, false);
    typed = { conversation, at: Date.now() };
    core.live().typing(conversation, true);
  }

  function stoppedTyping() {
    clearTimeout(stops);
    if (typed) core.live().typing(typed.conversation, false);
    typed = null;
  }

  function tell() {
    const hidden = document.visibilityState === "hidden";
    const state = Date.now() - active > AWAY_AFTER_MS ? "away" : "online";
    const viewing = hidden || state === "away" ? null : looking;
    const now = `${state} ${viewing}`;
    if (now === told) return;
    told = now;
    core.live().presence(state, viewing);
  }

  return {
    hear,
    typing,
    stoppedTyping,
    viewing(conversation) {
      looking = conversation;
      tell();
    },
    watch() {
      const act = () => {
        const wasAway = Date.now() - active > AWAY_AFTER_MS;
        active = Date.now();
        if (wasAway) tell();
      };
      const shown = () => {
        act();
        tell();
      };
      const timer = setInterval(tell, 30_000);
      window.addEventListener("pointerdown", act);
      window.addEventListener("keydown", act);
      document.addEventListener("visibilitychange", shown);
      tell();
      return () => {
        clearInterval(timer);
        window.removeEventListener("pointerdown", act);
        window.removeEventListener("keydown", act);
        document.removeEventListener("visibilitychange", shown);
        for (const timeout of fading.values()) clearTimeout(timeout);
      };
    },
  };
}
