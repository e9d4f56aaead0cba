/**
 * Where an outbox keeps its items: IndexedDB, else localStorage, else memory.
 *
 * `openOutboxStore` tries them in that order, because private windows and partitioned
 * frames refuse some of them, and a person must be able to write in any case.
 */

import type { OutboxItem } from "./outbox";

export interface OutboxStore<P> {
  all(): Promise<OutboxItem<P>[]>;
  put(item: OutboxItem<P>): Promise<void>;
  remove(clientId: string): Promise<void>;
  /** False when a reload would lose the items; the view may say so. */
  durable: boolean;
}

export function memoryStore<P>(): OutboxStore<P> {
  const items = new Map<string, OutboxItem<P>>();
  return {
    durable: false,
    all: async () => [...items.values()],
    put: async (item) => void items.set(item.client_id, item),
    remove: async (id) => void items.delete(id),
  };
}

/** One key per item, so that two tabs never overwrite each other's list. */
export function webStorageStore<P>(storage: Storage, name: string): OutboxStore<P> {
  const prefix = `${name}/`;
  const read = (key: string): OutboxItem<P>[] => {
    try {
      return [JSON.parse(storage.getItem(key) ?? "") as OutboxItem<P>];
    } catch {
      return [];
    }
  };
  return {
    durable: true,
    all: async () => Object.keys(storage).filter((key) => key.startsWith(prefix)).flatMap(read),
    put: async (item) => storage.setItem(prefix + item.client_id, JSON.stringify(item)),
    remove: async (id) => storage.removeItem(prefix + id),
  };
}

const TABLE = "outbox";

export async function indexedDbStore<P>(name: string, factory: IDBFactory = indexedDB): Promise<OutboxStore<P>> {
  const asked = factory.open(name, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "client_id" });
  const database = await done(asked);
  // Another tab wants a newer shape: let it, we open again on the next page.
  database.onversionchange = () => database.close();

  async function change(write: (table: IDBObjectStore) => void): Promise<void> {
    // Strict: the words must be on disk before we call them kept.
    const unit = database.transaction(TABLE, "readwrite", { durability: "strict" });
    write(unit.objectStore(TABLE));
    await new Promise<void>((resolve, reject) => {
      unit.oncomplete = () => resolve();
      unit.onabort = unit.onerror = () => reject(unit.error ?? new Error("aborted"));
    });
  }

  return {
    durable: true,
    all: () => done(database.transaction(TABLE).objectStore(TABLE).getAll() as IDBRequest<OutboxItem<P>[]>),
    put: (item) => change((table) => table.put(item)),
    remove: (id) => change((table) => table.delete(id)),
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("refused"));
  });
}

/** The best store this browser allows here. */
export async function openOutboxStore<P>(name: string): Promise<OutboxStore<P>> {
  try {
    const store = await indexedDbStore<P>(name);
    await store.all();
    return store;
  } catch {
    return openWebStorage(name);
  }
}

function openWebStorage<P>(name: string): OutboxStore<P> {
  try {
    const probe = `${name}?`;
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return webStorageStore(localStorage, name);
  } catch {
    return memoryStore();
  }
}
