/** Words somebody has begun, kept per person and conversation in this browser until they are sent. */
import { keptInsert, type Insert } from "../whatsapp_talk/insert.ts";
import type { Quoted } from "../whatsapp_talk/answering.ts";

export type Mode = "reply" | "note";
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
  /** The message the reply answers. */
  answers?: Quoted;
  /** What goes with the reply: buttons, a place, a card. */
  insert?: Insert;
}

export const emptyDraft: Draft = { mode: "reply", reply: "", note: "" };

export const hasWords = (draft: Draft): boolean =>
  draft.reply.trim() !== "" || draft.note.trim() !== "" || draft.answers !== undefined || draft.insert !== undefined;

export interface DraftStore {
  read(conversation: string): Draft;
  write(conversation: string, draft: Draft): void;
  forget(conversation: string): void;
  /** Conversations with something written. */
  all(): string[];
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export function draftStore(shelf: Shelf, person: string): DraftStore {
  const prefix = `porchlight.draft.${person}.`;
  return {
    read: (conversation) => parseDraft(shelf.getItem(prefix + conversation)),
    write(conversation, draft) {
      try {
        if (!hasWords(draft)) shelf.removeItem(prefix + conversation);
        else shelf.setItem(prefix + conversation, JSON.stringify(draft));
      } catch {
        // A full shelf must not stop anybody from writing; the words stay on the screen.
      }
    },
    forget: (conversation) => shelf.removeItem(prefix + conversation),
    all() {
      const keys = Array.from({ length: shelf.length }, (_, index) => shelf.key(index) ?? "");
      return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    },
  };
}

/** What an older version or another hand left there must not break the composer. */
function parseDraft(text: string | null): Draft {
  if (!text) return emptyDraft;
  try {
    const found = JSON.parse(text) as Partial<Draft> | null;
    const word = (value: unknown) => (typeof value === "string" ? value : "");
    const answers = quotedOf(found?.answers);
    const insert = found?.insert ? keptInsert(found.insert) : null;
    return {
      mode: found?.mode === "note" ? "note" : "reply",
      reply: word(found?.reply),
      note: word(found?.note),
      ...(answers && { answers }),
      ...(insert && { insert }),
    };
  } catch {
    return emptyDraft;
  }
}

function quotedOf(value: Partial<Quoted> | undefined): Quoted | null {
  const fits = typeof value?.id === "string" && typeof value.name === "string" && typeof value.brief === "string";
  return fits ? { id: value.id!, name: value.name!, brief: value.brief! } : null;
}
