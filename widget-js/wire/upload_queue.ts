/** The uploads of this page: which goes next, and what becomes of each. */

import { backOff, realClock, type Clock } from "./clock";
import { clientId } from "./ids";
import type { Failure } from "./outbox";
import { Problem } from "./rest";
import { createTimers, type Timers } from "./timers";
import type { NewUpload, Upload, Uploads, UploadsOptions } from "./upload";
import { entryOf, lostEntry, recordOf, type Entry } from "./upload_entry";
import { fateOf } from "./upload_fate";
import type { AttachedFile } from "./upload_message";
import { sendFile } from "./upload_request";
import { KEPT_BYTES, KEPT_MS, memoryUploads, type UploadStore } from "./upload_store";
import type { File } from "./types";

const AT_ONCE = 2;
const LOOK_MS = 1_500;
const LOOK_CAP_MS = 30_000;

export class UploadQueue implements Uploads {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #store: UploadStore;
  readonly #entries = new Map<string, Entry>();
  readonly #adopting = new Set<string>();

  constructor(readonly options: UploadsOptions) {
    this.#clock = options.clock ?? realClock;
    this.#timers = createTimers(this.#clock);
    this.#store = options.store ?? memoryUploads();
  }

  add(file: NewUpload): Upload {
    const now = this.#clock.now();
    const entry = entryOf(file, clientId(now), new Date(now).toISOString());
    this.#entries.set(entry.upload.id, entry);
    void this.#claim(entry.upload.id).then((release) => this.#hold(entry, release));
    void this.#keep(entry);
    this.#changed();
    this.#pump();
    return entry.upload;
  }

  list = (): Upload[] => [...this.#entries.values()].map((entry) => entry.upload);

  get = (id: string): Upload | undefined => this.#entries.get(id)?.upload;

  bytes = (id: string): Blob | null => this.#entries.get(id)?.bytes ?? null;

  retry(id: string) {
    const entry = this.#entries.get(id);
    if (entry?.upload.state === "failed" && entry.bytes) this.#begin(entry);
  }

  again(id: string) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (entry.bytes) return this.#begin(entry);
    this.#set(entry, { state: "failed", file: null, failure: { code: "bytes_lost", text: "" } });
  }

  cancel(id: string) {
    const file = this.#entries.get(id)?.upload.file;
    if (file) void this.options.remove(file.id).catch(() => {});
    this.done(id);
  }

  done(id: string) {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    this.#timers.clear(`try ${id}`, `look ${id}`);
    void this.#store.remove(id).catch(() => {});
    if (!entry) return;
    entry.isGone = true;
    entry.abort();
    entry.release();
    this.#changed();
    this.#pump();
  }

  heard(file: File) {
    for (const entry of this.#entries.values()) if (entry.upload.file?.id === file.id) this.#judged(entry, file);
  }

  wake() {
    for (const entry of this.#entries.values()) entry.nextAt = 0;
    this.#pump();
  }

  close() {
    for (const entry of this.#entries.values()) {
      entry.isGone = true;
      this.#timers.clear(`try ${entry.upload.id}`, `look ${entry.upload.id}`);
      entry.abort();
      entry.release();
    }
    this.#entries.clear();
  }

  async adopt(wanted: readonly AttachedFile[]) {
    await Promise.all(wanted.map((one) => this.#adoptOne(one.upload, one)));
  }

  async adoptUnsent(wanted: readonly AttachedFile[]): Promise<string[]> {
    const asked = new Set(wanted.map((one) => one.upload));
    const left = (await this.#records()).filter((record) => !asked.has(record.id));
    const oldest = this.#clock.now() - KEPT_MS;
    const taken: string[] = [];
    for (const { id, created_at, bytes, file } of left) {
      if (Date.parse(created_at) < oldest || (!bytes && !file)) void this.#dropOld(id);
      else if (await this.#adoptOne(id, null)) taken.push(id);
    }
    return taken;
  }

  // Taking over ------------------------------------------------------------------------------

  /** Whether it is ours now. */
  async #adoptOne(id: string, wanted: AttachedFile | null): Promise<boolean> {
    if (this.#entries.has(id) || this.#adopting.has(id)) return false;
    this.#adopting.add(id);
    const release = await this.#claim(id);
    // Read after the claim: whoever had it may have finished in between.
    const record = release && (await this.#records()).find((one) => one.id === id);
    this.#adopting.delete(id);
    if (!release) return false;
    const entry = record ? entryOf(record, record.id, record.created_at) : wanted && lostEntry(wanted, this.#clock.now());
    if (!entry) return (release(), false);
    entry.release = release;
    this.#entries.set(id, entry);
    if (record?.file) this.#judged(entry, record.file);
    else if (!entry.bytes) this.again(id);
    this.#changed();
    this.#pump();
    return true;
  }

  async #dropOld(id: string) {
    const release = await this.#claim(id);
    if (release) await this.#store.remove(id).catch(() => {});
    release?.();
  }

  #claim(id: string): Promise<(() => void) | null> {
    return this.options.claim?.(id) ?? Promise.resolve(() => {});
  }

  #hold(entry: Entry, release: (() => void) | null) {
    if (!release) return;
    if (entry.isGone) release();
    else entry.release = release;
  }

  #records = () => this.#store.all().catch(() => []);

  async #keep(entry: Entry) {
    const others = (await this.#records()).filter((record) => record.id !== entry.upload.id);
    if (entry.isGone) return;
    const kept = others.reduce((sum, record) => sum + (record.bytes?.size ?? 0), 0);
    await this.#store.put(recordOf(entry, kept + entry.upload.size <= KEPT_BYTES)).catch(() => {});
    // Forgotten while it was being written.
    if (entry.isGone) await this.#store.remove(entry.upload.id).catch(() => {});
  }

  // Sending ----------------------------------------------------------------------------------

  #begin(entry: Entry) {
    entry.nextAt = entry.attempts = 0;
    this.#set(entry, { state: "waiting", sent: 0, file: null, failure: null });
    this.#pump();
  }

  #pump() {
    const all = [...this.#entries.values()];
    let free = AT_ONCE - all.filter((entry) => entry.isRunning).length;
    for (const entry of all.filter((one) => one.upload.state === "waiting" && !one.isRunning)) {
      const wait = entry.nextAt - this.#clock.now();
      if (wait > 0) this.#timers.set(`try ${entry.upload.id}`, wait, () => this.#pump());
      else if (free-- > 0) void this.#run(entry);
    }
  }

  async #run(entry: Entry) {
    entry.isRunning = true;
    entry.attempts++;
    this.#set(entry, { state: "uploading", sent: 0, failure: null });
    try {
      const file = await this.#send(entry, false);
      if (entry.isGone) return void this.options.remove(file.id).catch(() => {});
      this.#judged(entry, file);
      void this.#keep(entry);
    } catch (error) {
      if (!entry.isGone) this.#missed(entry, error);
    } finally {
      entry.isRunning = false;
      entry.abort = () => {};
      this.#pump();
    }
  }

  async #send(entry: Entry, isStale: boolean): Promise<File> {
    const token = await this.options.token(isStale);
    if (entry.isGone || !entry.bytes) throw new Problem(0, { code: "cancelled" });
    const { name, conversation_id } = entry.upload;
    const onSent = (sent: number) => !entry.isGone && this.#set(entry, sent < 1 ? { sent } : { sent, state: "checking" });
    const { options } = this;
    const going = sendFile({ url: options.url, token, name, conversation_id, bytes: entry.bytes, clock: this.#clock, open: options.openRequest, onSent });
    entry.abort = going.abort;
    try {
      return await going.done;
    } catch (problem) {
      if (isStale || !(problem instanceof Problem) || problem.status !== 401) throw problem;
      return this.#send(entry, true);
    }
  }

  #missed(entry: Entry, error: unknown) {
    const { state, failure, pause } = fateOf(error);
    if (state === "waiting") entry.nextAt = this.#clock.now() + Math.max(pause, backOff(entry.attempts, this.#clock));
    if (state === "refused") entry.bytes = null;
    this.#set(entry, { state, sent: 0, failure });
    if (state === "refused") void this.#keep(entry);
  }

  // The verdict ------------------------------------------------------------------------------

  #judged(entry: Entry, file: File) {
    const { id } = entry.upload;
    const change = { file, name: file.name, sent: 1 };
    if (file.state === "checking") {
      entry.looks = entry.upload.file ? entry.looks : 0;
      this.#set(entry, { ...change, state: "checking", failure: null });
      const wait = Math.min(LOOK_CAP_MS, LOOK_MS * 2 ** entry.looks++);
      return this.#timers.set(`look ${id}`, wait, () => void this.#look(entry));
    }
    this.#timers.clear(`look ${id}`);
    if (file.state === "ready") return this.#set(entry, { ...change, state: "ready", failure: null });
    entry.bytes = null;
    this.#set(entry, { ...change, state: "refused", failure: failureOf(file) });
  }

  /** No event tells of a file that no message has taken yet. */
  async #look(entry: Entry) {
    const { file } = entry.upload;
    if (!file || entry.isGone) return;
    try {
      const { file: now } = await this.options.state(file.id);
      if (!entry.isGone) this.#judged(entry, now);
    } catch (error) {
      if (entry.isGone) return;
      if (error instanceof Problem && error.status === 404) this.again(entry.upload.id);
      else this.#judged(entry, file);
    }
  }

  #set(entry: Entry, change: Partial<Upload>) {
    entry.upload = { ...entry.upload, ...change };
    this.#changed();
  }

  #changed() {
    this.options.onChange?.(this.list());
  }
}

function failureOf(file: File): Failure {
  return { code: file.reason ?? "unreadable", text: "" };
}
