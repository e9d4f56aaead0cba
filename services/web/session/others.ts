/** Tabs of one app talking about their session. A token passes from memory to memory and is never written down. */
import type { Grant, OutReason } from "./session.ts";

type Offer<G> = { grant: G; expires: number };
type Word<G> =
  | { kind: "ask" }
  | ({ kind: "offer" | "granted" } & Offer<G>)
  | { kind: "ended"; reason: OutReason };

export interface Others<G> {
  /** A token another tab holds, if one answers within a blink. */
  ask(): Promise<Offer<G> | null>;
  grant(grant: G, expires: number): void;
  end(reason: OutReason): void;
}

type Ears<G> = {
  offer: () => Offer<G> | null;
  granted: (grant: G, expires: number) => void;
  ended: (reason: OutReason) => void;
};

const BLINK_MS = 60;

export function others<G extends Grant>(name: string, ears: Ears<G>): Others<G> {
  if (typeof BroadcastChannel === "undefined") return { ask: async () => null, grant() {}, end() {} };
  const channel = new BroadcastChannel(`${name}.session`);
  const post = (word: Word<G>) => channel.postMessage(word);
  let heard: ((offer: Offer<G> | null) => void) | null = null;

  channel.onmessage = ({ data }: MessageEvent<Word<G>>) => {
    if (data.kind === "ended") return ears.ended(data.reason);
    if (data.kind === "granted") {
      heard?.({ grant: data.grant, expires: data.expires });
      return ears.granted(data.grant, data.expires);
    }
    if (data.kind === "offer") return heard?.({ grant: data.grant, expires: data.expires });
    const mine = ears.offer();
    if (mine) post({ kind: "offer", ...mine });
  };

  return {
    ask: () =>
      new Promise((resolve) => {
        const done = (offer: Offer<G> | null) => {
          heard = null;
          clearTimeout(timer);
          resolve(offer);
        };
        const timer = setTimeout(() => done(null), BLINK_MS);
        heard = done;
        post({ kind: "ask" });
      }),
    grant: (grant, expires) => post({ kind: "granted", grant, expires }),
    end: (reason) => post({ kind: "ended", reason }),
  };
}
