/**
 * Files chosen and not sent yet, by conversation and by what they are for: what somebody put into a private note must not
 * slip into a reply by pressing a tab. Uploads go on whatever is on the screen.
 */
import { attachedOf, kindOf, type AttachedFile, type Upload, type Uploads } from "wire";
import type { Mode } from "../inbox/drafts.ts";
import { withEntry, type State } from "../inbox/state.ts";
import type { Store } from "../inbox/store.ts";
import type { FileLinks } from "./links.ts";
import { measure } from "./measure.ts";

export interface Place {
  conversation: string;
  mode: Mode;
}

export const placeKey = ({ conversation, mode }: Place): string => `${conversation} ${mode}`;

export interface Trays {
  add(place: Place, files: readonly File[]): Promise<void>;
  remove(place: Place, upload: string): void;
  /** Empties the tray into a message. */
  take(place: Place): AttachedFile[];
  /** What an earlier page left: `owed` belongs to messages that wait to be sent. */
  restore(owed: readonly AttachedFile[]): Promise<void>;
  /** Nobody will send these any more. */
  drop(conversation: string): void;
  /** The picture behind an upload, from this browser's own memory. */
  picture(upload: string): string | null;
  /** The server has named some: what is shown from here stays shown from here. */
  named(uploads: readonly Upload[]): void;
}

interface Needs {
  store: Store<State>;
  shelf: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  person: string;
  uploads: Uploads;
  links: FileLinks;
}

const none: readonly string[] = [];

export function trays({ store, shelf, person, uploads, links }: Needs): Trays {
  const prefix = `porchlight.tray.${person}.`;
  const pictures = new Map<string, string>();
  const idsIn = (key: string) => store.get().trays.get(key) ?? none;

  function put(key: string, ids: readonly string[]) {
    store.set((state) => ({ ...state, trays: withEntry(state.trays, key, ids.length ? ids : undefined) }));
    try {
      if (ids.length) shelf.setItem(prefix + key, JSON.stringify(ids));
      else shelf.removeItem(prefix + key);
    } catch {
      // A full shelf: the files are still here, they only do not outlive the page.
    }
  }

  function cancel(id: string) {
    uploads.cancel(id);
    URL.revokeObjectURL(pictures.get(id) ?? "");
    pictures.delete(id);
  }

  async function add(place: Place, files: readonly File[]) {
    const found = await Promise.all(files.map(async (file) => ({ file, ...(await measure(file, kindOf(file.name))) })));
    for (const { file, url, width, height } of found) {
      const { id } = uploads.add({ name: file.name, bytes: file, conversation_id: place.conversation, width, height });
      if (url) pictures.set(id, url);
      put(placeKey(place), [...idsIn(placeKey(place)), id]);
    }
  }

  return {
    add,
    remove(place, upload) {
      cancel(upload);
      put(placeKey(place), idsIn(placeKey(place)).filter((id) => id !== upload));
    },
    take(place) {
      const ids = idsIn(placeKey(place));
      put(placeKey(place), none);
      return ids.flatMap((id) => uploads.get(id) ?? []).map(attachedOf);
    },
    async restore(owed) {
      const kept = shelved(shelf, prefix);
      const taken = new Set(await uploads.adoptUnsent(owed));
      for (const [key, ids] of kept) {
        const ours = ids.filter((id) => taken.delete(id));
        if (ours.length) put(key, ours);
      }
      for (const id of taken) cancel(id);
    },
    drop(conversation) {
      for (const mode of ["reply", "note"] as const) {
        const key = placeKey({ conversation, mode });
        idsIn(key).forEach(cancel);
        put(key, none);
      }
    },
    picture: (id) => pictures.get(id) ?? null,
    named(all) {
      for (const { id, file } of all) {
        const url = pictures.get(id);
        if (url && file && links.local(file.id) !== url) links.keepLocal(file.id, url);
      }
    },
  };
}

function shelved(shelf: Needs["shelf"], prefix: string): [string, string[]][] {
  const keys = Array.from({ length: shelf.length }, (_, at) => shelf.key(at) ?? "").filter((key) => key.startsWith(prefix));
  return keys.map((key) => [key.slice(prefix.length), idsOf(shelf.getItem(key))]);
}

/** What an older version or another hand left there is nothing. */
function idsOf(text: string | null): string[] {
  try {
    const found: unknown = JSON.parse(text ?? "");
    return Array.isArray(found) ? found.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}
