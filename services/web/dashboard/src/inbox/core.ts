/** What every part of the inbox works with. */
import type { Agent, Live, LiveEvent, Position, Rest } from "wire";
import type { FilesPart } from "../files/part.ts";
import type { Store } from "./store.ts";
import type { State } from "./state.ts";
import type { DraftStore } from "./drafts.ts";

export interface Core {
  store: Store<State>;
  rest: Rest;
  me: Agent;
  /** A viewer looks and does nothing else, not even by looking. */
  mayWrite: boolean;
  drafts: DraftStore;
  files: FilesPart;
  /** Something went wrong that the person should know. */
  complain(error: unknown): void;
  live(): Live;
}

/** An event of our own making, for showing a change before the server confirms it. */
export function stamped(core: Core): { position: Position; at: string } {
  return { position: core.store.get().inbox.position ?? "", at: new Date().toISOString() };
}

export type EventOf<T extends LiveEvent["type"]> = Extract<LiveEvent, { type: T }>;
