/** The outbox's items as this page knows them, kept in step with a store that other tabs change too. */

import type { OutboxItem } from "./outbox";
import type { OutboxStore } from "./outbox_store";

export class OutboxList<P> {
  /** Being sent by this page right now: whatever the store says, they are ours. */
  readonly sending = new Set<string>();
  readonly #known = new Map<string, OutboxItem<P>>();
  readonly #unstored = new Set<string>();
  #writes = 0;

  constructor(
    readonly store: OutboxStore<P>,
    readonly changed: (items: OutboxItem<P>[]) => void,
  ) {}

  get(id: string): OutboxItem<P> | undefined {
    return this.#known.get(id);
  }

  sorted(): OutboxItem<P>[] {
    return [...this.#known.values()].sort((a, b) => a.order - b.order || (a.client_id < b.client_id ? -1 : 1));
  }

  async keep(item: OutboxItem<P>) {
    this.#writes++;
    this.#known.set(item.client_id, item);
    this.changed(this.sorted());
    try {
      await this.store.put(item);
      this.#unstored.delete(item.client_id);
    } catch {
      // A full or broken store must not keep anybody from writing: this page remembers instead.
      this.#unstored.add(item.client_id);
    }
  }

  async forget(id: string) {
    this.#writes++;
    this.#known.delete(id);
    this.#unstored.delete(id);
    this.changed(this.sorted());
    await this.store.remove(id).catch(() => {});
  }

  async reload() {
    const stored = await this.#settled();
    const isMine = (id: string) => this.sending.has(id) || this.#unstored.has(id);
    for (const id of [...this.#known.keys()]) if (!isMine(id)) this.#known.delete(id);
    // "sending" in the store and not by us: another tab, or one that died. The lock decides which.
    for (const item of stored) if (!isMine(item.client_id)) this.#known.set(item.client_id, item);
    this.changed(this.sorted());
  }

  /** The store's items, read at a moment in which this page changed nothing. */
  async #settled(): Promise<OutboxItem<P>[]> {
    for (;;) {
      const before = this.#writes;
      const items = await this.store.all().catch(() => null);
      if (!items) return this.sorted();
      if (before === this.#writes) return items;
    }
  }
}
