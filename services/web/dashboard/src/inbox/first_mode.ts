/** Which tab of the composer a conversation opens with: where something was left. */
import { placeKey } from "../files/trays.ts";
import type { Mode } from "./drafts.ts";
import type { Inbox } from "./inbox.ts";

export function firstMode(inbox: Inbox, conversation: string): Mode {
  const { mode, reply } = inbox.draft(conversation);
  const { trays } = inbox.store.get();
  const onlyNote = reply === "" && !trays.has(placeKey({ conversation, mode: "reply" })) && trays.has(placeKey({ conversation, mode: "note" }));
  return onlyNote ? "note" : mode;
}
