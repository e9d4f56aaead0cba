/**
 * The little this frame keeps in its own storage, which the browser partitions by site.
 *
 * Nothing is written before the visitor has acted: reading is free, writing happens from the
 * first message on. Storage that throws is storage that is empty.
 */

import { openOutboxStore, memoryStore, type OutboxStore } from "../wire/outbox_store";

export interface Keep {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
}

export function createKeep(widget: string): Keep {
  const key = (name: string) => `porchlight/${widget}/${name}`;
  const memory = new Map<string, string>();
  return {
    get(name) {
      try {
        return localStorage.getItem(key(name)) ?? memory.get(name) ?? null;
      } catch {
        return memory.get(name) ?? null;
      }
    },
    set(name, value) {
      memory.set(name, value);
      try {
        localStorage.setItem(key(name), value);
      } catch {
        // This page remembers; the next one will not.
      }
    },
    remove(name) {
      memory.delete(name);
      try {
        localStorage.removeItem(key(name));
      } catch {
        // Nothing was there.
      }
    },
  };
}

/** An outbox store that does not even exist until something is put into it. */
export function lateStore<P>(widget: string, keep: Keep): OutboxStore<P> {
  let opened: Promise<OutboxStore<P>> | null = null;
  const open = () => (opened ??= openOutboxStore<P>(`porchlight/${widget}/outbox`));
  const isUsed = async () => opened !== null || keep.get("outbox") !== null || (await isThere(`porchlight/${widget}/outbox`));
  const none = memoryStore<P>();
  return {
    durable: true,
    all: async () => ((await isUsed()) ? (await open()).all() : none.all()),
    async put(item) {
      keep.set("outbox", "1");
      await (await open()).put(item);
    },
    async remove(id) {
      if (await isUsed()) await (await open()).remove(id);
    },
  };
}

export const FILES = "files";

/** Whether an earlier page left bytes behind. */
export async function hasFilesLeft(widget: string, keep: Keep): Promise<boolean> {
  return keep.get(FILES) !== null || (await isThere(`porchlight/${widget}/${FILES}`));
}

/** The mark in localStorage reaches the disk seconds after the words do: a browser that was killed may lose the one and keep the other. */
async function isThere(name: string): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some((one) => one.name === name);
  } catch {
    return false;
  }
}
