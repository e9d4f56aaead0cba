/**
 * Bytes that wait to be sent, where a reload finds them: IndexedDB, else nowhere.
 *
 * Bounded: past 64 MB the newest bytes are not kept (their record is, so that a later page can
 * say which file must be chosen again), and after three days nobody waits for them any more.
 */

import type { File } from "./types";

export interface UploadRecord {
  id: string;
  name: string;
  size: number;
  conversation_id: string | null;
  width: number | null;
  height: number | null;
  created_at: string;
  file: File | null;
  /** Null when there was no room. */
  bytes: Blob | null;
}

export interface UploadStore {
  all(): Promise<UploadRecord[]>;
  put(record: UploadRecord): Promise<void>;
  remove(id: string): Promise<void>;
}

export const KEPT_BYTES = 64_000_000;
export const KEPT_MS = 3 * 86_400_000;

export function memoryUploads(): UploadStore {
  const records = new Map<string, UploadRecord>();
  return {
    all: async () => [...records.values()],
    put: async (record) => void records.set(record.id, record),
    remove: async (id) => void records.delete(id),
  };
}

const TABLE = "files";

/** Opened with the first file; a browser that refuses is met with a rejection at each call, which callers ignore. */
export function indexedDbUploads(name: string, factory: IDBFactory = indexedDB): UploadStore {
  let opening: Promise<IDBDatabase> | null = null;
  const open = () => (opening ??= openDatabase(name, factory, () => (opening = null)));

  async function change(write: (table: IDBObjectStore) => void): Promise<void> {
    const unit = (await open()).transaction(TABLE, "readwrite", { durability: "strict" });
    write(unit.objectStore(TABLE));
    await new Promise<void>((resolve, reject) => {
      unit.oncomplete = () => resolve();
      unit.onabort = unit.onerror = () => reject(unit.error ?? new Error("aborted"));
    });
  }

  return {
    all: async () => done((await open()).transaction(TABLE).objectStore(TABLE).getAll() as IDBRequest<UploadRecord[]>),
    put: (record) => change((table) => table.put(record)),
    remove: (id) => change((table) => table.delete(id)),
  };
}

async function openDatabase(name: string, factory: IDBFactory, closed: () => void): Promise<IDBDatabase> {
  const asked = factory.open(name, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "id" });
  const database = await done(asked);
  database.onversionchange = () => (database.close(), closed());
  return database;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("refused"));
  });
}
