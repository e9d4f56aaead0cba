/** What the server finds for a query: people, and messages to jump to. */
import { useEffect, useState } from "react";
import type { Contact } from "wire";
import { contactName } from "../inbox/context.tsx";
import type { Inbox } from "../inbox/inbox.ts";
import { t as inboxWords } from "../inbox/words.ts";
import { goInbox } from "../router.ts";
import { rest } from "../session.ts";
import type { Entry } from "./palette_entries.ts";

const WAIT_MS = 180;
const SHORTEST = 2;
const MOST = 12;

interface Stretch {
  text: string;
  hit: boolean;
}

export interface Found {
  messages: {
    conversation_id: string;
    seq: number;
    message_id: string;
    contact_id: string;
    contact_name: string | null;
    excerpt: Stretch[];
  }[];
  contacts: { contact: Contact; conversation_id: string | null }[];
}

/** Entries for what was found; those of the last answer stay until the next one is here. */
export function useFound(inbox: Inbox, query: string): Entry[] {
  const [found, setFound] = useState<Entry[]>([]);
  useEffect(() => {
    const q = query.trim();
    if (q.length < SHORTEST) return setFound([]);
    const over = new AbortController();
    const timer = setTimeout(() => {
      rest
        .get<Found>("/v1/search", { query: { q, limit: MOST }, signal: over.signal })
        .then((answer) => over.signal.aborted || setFound(entriesOf(answer, inbox)))
        // Without an answer the palette still finds what is known here.
        .catch(() => over.signal.aborted || setFound([]));
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [query, inbox]);
  return found;
}

export function entriesOf(found: Found, inbox: Pick<Inbox, "threads">): Entry[] {
  const people = found.contacts.flatMap(({ contact, conversation_id }) =>
    conversation_id === null
      ? []
      : [
          {
            id: `person ${contact.id}`,
            name: contactName(contact),
            hint: [contact.email, contact.phone].filter(Boolean).join(" · "),
            run: () => goInbox({ conversation: conversation_id }),
          },
        ],
  );
  const messages = found.messages.map((hit) => ({
    id: `message ${hit.message_id}`,
    name: hit.contact_name ?? inboxWords("visitorN", { id: hit.contact_id.slice(-4).toUpperCase() }),
    hint: hit.excerpt.map((stretch) => stretch.text).join(""),
    marks: hit.excerpt,
    run: () => {
      goInbox({ conversation: hit.conversation_id });
      void inbox.threads.jump(hit.conversation_id, hit.seq);
    },
  }));
  return [...people, ...messages];
}
