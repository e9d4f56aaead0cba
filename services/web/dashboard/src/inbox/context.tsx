import { createContext, useContext } from "react";
import type { Conversation } from "wire";
import { contactLabel } from "wire";
import type { Inbox } from "./inbox.ts";
import type { State } from "./state.ts";
import { useStore } from "./store.ts";
import { t as talkWords } from "../whatsapp_talk/words.ts";
import { t } from "./words.ts";

export const InboxContext = createContext<Inbox | null>(null);

export function useInbox(): Inbox {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error("This view lives inside an inbox.");
  return inbox;
}

export function useInboxState<T>(select: (state: State) => T, same?: (a: T, b: T) => boolean): T {
  return useStore(useInbox().store, select, same);
}

export function useConversation(id: string | null): Conversation | undefined {
  return useInboxState((state) => (id ? state.inbox.conversations.get(id) : undefined));
}

/** A name for somebody who may not have given one: stable, short, and not a row of hexadecimal. */
export function contactName(contact: Conversation["contact"]): string {
  return contactLabel(contact) ?? t("visitorN", { id: contact.id.slice(-4).toUpperCase() });
}

/** How a conversation is called: by its person, or as the group it is. */
export function talkName({ contact, group }: Pick<Conversation, "contact" | "group">): string {
  const name = contactName(contact);
  return group === null ? name : talkWords("groupWith", { name });
}
