/**
 * Everything about files that a panel without files does not need: uploads, links, cards,
 * pictures, players. One chunk, fetched when somebody reaches for the paperclip or when a
 * message with files is shown; the large view of pictures is another one.
 */

import type { ComponentType } from "preact";
import { checkFiles, kindOf } from "../../wire/file_rules";
import { createLinks, type Links } from "../../wire/links";
import type { OutboxItem } from "../../wire/outbox";
import type { File, FileLink } from "../../wire/types";
import { createUploads, type Upload, type Uploads } from "../../wire/upload";
import { createFeed, type Feed } from "../../wire/upload_feed";
import { attachedOf, filesOf, type AttachedFile } from "../../wire/upload_message";
import { uploadClaim } from "../../wire/upload_tabs";
import { API } from "../engine/api";
import type { Engine } from "../engine/engine";
import { knowFileWords } from "../i18n";
import type { Words } from "../state";
import { Chips, type ChipsProps } from "./chips";
import { filesEn } from "./en";
import { Files, type FilesProps } from "./files";
import { createPreviews, type Previews } from "./previews";
import { Repair, type RepairProps } from "./repair";
import { lateUploads } from "./store";
import { Viewing, type ViewingProps } from "./viewing";

/** What views can do with files. */
export interface FileTools {
  links: Links;
  /** This device's own copy, by upload or file id. */
  preview(id: string): string | null;
  detach(id: string): void;
  retry(id: string): void;
  forgetRefusals(): void;
}

export interface FilePart {
  Chips: ComponentType<ChipsProps>;
  Files: ComponentType<FilesProps>;
  Repair: ComponentType<RepairProps>;
  Viewing: ComponentType<ViewingProps>;
  tools: FileTools;
  feed: Feed<Words>;
  uploads: Uploads;
  attach(files: readonly globalThis.File[]): Promise<void>;
  /** What the composer holds, for the message that is being sent. */
  take(): AttachedFile[];
  /** Bring back what an earlier page was about to send. */
  resume(): Promise<void>;
}

export function createFiles(engine: Engine): FilePart {
  knowFileWords(filesEn);
  const previews = createPreviews();
  const uploads = uploadsOf(engine, previews, () => feed?.uploaded());
  const feed = createFeed<Words>(engine.outbox, uploads);
  const links = createLinks({ fetch: (items) => engine.rest.post<{ items: FileLink[] }>(`${API}/files/links`, { items }) });
  const forgetRefusals = () => void (engine.store.get().refusals.length && engine.change({ refusals: [] }));

  function detach(id: string) {
    uploads.cancel(id);
    previews.drop(id);
    engine.change({ drafts: engine.store.get().drafts.filter((one) => one !== id), refusals: [] });
  }

  const tools: FileTools = { links, preview: previews.url, detach, retry: uploads.retry.bind(uploads), forgetRefusals };
  const chosen = choosing(engine, uploads, previews);
  feed.changed(engine.outbox.items());
  return { Chips, Files, Repair, Viewing, tools, feed, uploads, ...chosen };
}

function uploadsOf(engine: Engine, previews: Previews, fed: () => void): Uploads {
  return createUploads({
    url: `${API}/files`,
    token: (isStale) => engine.session.token(isStale),
    state: (id) => engine.rest.get<{ file: File }>(`${API}/files/${id}/state`),
    remove: (id) => engine.rest.remove(`${API}/files/${id}`),
    store: lateUploads(engine),
    claim: uploadClaim(`porchlight/${engine.widget}/file`),
    onChange(now) {
      // Once in a message it is known by the server's id.
      for (const one of now) if (one.file) previews.alsoAs(one.id, one.file.id);
      engine.change({ uploads: now });
      fed();
    },
  });
}

/** From a choice to the composer, and from there to a message. */
function choosing(engine: Engine, uploads: Uploads, previews: Previews): Pick<FilePart, "attach" | "take" | "resume"> {
  async function attach(files: readonly globalThis.File[]) {
    const { rules, drafts } = engine.store.get();
    if (!rules || !files.length) return;
    const { fine, refused } = checkFiles(rules, files, drafts.length);
    engine.change({ refusals: refused });
    const sizes = await Promise.all(fine.map((file) => previews.measure(file)));
    const added = fine.map((bytes, n) => add(bytes, sizes[n] ?? null));
    if (added.length) engine.change({ drafts: [...engine.store.get().drafts, ...added] });
  }

  function add(bytes: globalThis.File, size: { width: number; height: number } | null): string {
    const { id } = uploads.add({ name: bytes.name, bytes, conversation_id: null, width: size?.width ?? null, height: size?.height ?? null });
    if (size) previews.keep(id, bytes);
    return id;
  }

  function take(): AttachedFile[] {
    const held = engine.store.get().drafts.flatMap((id) => uploads.get(id) ?? []);
    const going = held.filter(isSendable);
    for (const one of held) if (!going.includes(one)) uploads.cancel(one.id);
    for (const one of going) uploads.retry(one.id);
    engine.change({ drafts: [], refusals: [] });
    return going.map(attachedOf);
  }

  async function resume() {
    const ids = await uploads.adoptUnsent(filesOfAll(engine.outbox.items()));
    for (const { id, name, width } of ids.flatMap((one) => uploads.get(one) ?? [])) {
      const bytes = uploads.bytes(id);
      if (bytes && width && kindOf(name) === "image") previews.keep(id, bytes);
    }
    if (ids.length) engine.change({ drafts: [...ids, ...engine.store.get().drafts] });
  }

  return { attach, take, resume };
}

function filesOfAll(items: readonly OutboxItem<Words>[]): AttachedFile[] {
  return items.flatMap((item) => filesOf(item.payload));
}

/** A message can take it, now or when it is up. */
function isSendable({ state, failure }: Upload): boolean {
  return state !== "refused" && failure?.code !== "bytes_lost";
}
