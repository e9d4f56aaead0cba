/**
 * Between uploads and the outbox: a message goes when all its files are up, and not before.
 *
 * Promises: a message whose files arrive learns their ids and goes; one with a file that was
 * refused or cannot be sent again fails with that file's code and waits for a person, while
 * later messages go on; a file that no message waits for any more is forgotten here.
 */

import type { Outbox, OutboxItem } from "./outbox";
import type { Upload, Uploads } from "./upload";
import { filesOf, isUploaded, type AttachedFile, type WithFiles } from "./upload_message";

export interface Feed<P extends WithFiles> {
  /** The uploads changed. */
  uploaded(): void;
  /** The outbox changed, here or in another tab. */
  changed(items: readonly OutboxItem<P>[]): void;
  /** A person wants a failed message tried again: what failed goes up again, what was refused stays behind. */
  retry(clientId: string): Promise<void>;
  discard(clientId: string): Promise<void>;
}

export function createFeed<P extends WithFiles>(outbox: Pick<Outbox<P>, "items" | "amend" | "fail" | "retry" | "discard">, uploads: Uploads): Feed<P> {
  let referred = new Set<string>();

  function uploaded() {
    for (const item of outbox.items()) if (item.state === "queued") feed(item);
  }

  function changed(items: readonly OutboxItem<P>[]) {
    const now = new Set(items.flatMap((item) => filesOf(item.payload).map((one) => one.upload)));
    for (const id of referred) if (!now.has(id)) uploads.done(id);
    referred = now;
    const unknown = items.flatMap(({ payload }) => filesOf(payload).filter((one) => !one.file_id && !uploads.get(one.upload)));
    if (unknown.length) void uploads.adopt(unknown).then(uploaded);
    uploaded();
  }

  function feed(item: OutboxItem<P>) {
    const files = filesOf(item.payload);
    if (isUploaded(item)) return;
    const states = files.map((one) => ({ one, upload: uploads.get(one.upload) }));
    const stuck = states.find(({ one, upload }) => !one.file_id && (upload?.state === "failed" || upload?.state === "refused"));
    if (stuck) return void outbox.fail(item.client_id, stuck.upload!.failure ?? { code: "unknown", text: "" });
    for (const { one, upload } of states) if (!one.file_id && one.lost_id && upload?.file?.id === one.lost_id) uploads.again(one.upload);
    const next = files.map((one) => (one.file_id ? one : arrived(one, uploads.get(one.upload))));
    if (next.some((one, i) => one !== files[i])) void outbox.amend(item.client_id, (payload) => ({ ...payload, files: next }));
  }

  async function retry(id: string) {
    const item = outbox.items().find((one) => one.client_id === id);
    const files = item ? filesOf(item.payload) : [];
    if (item && files.length) {
      const left = files.filter((one) => one.file_id || mayGoAgain(uploads.get(one.upload)));
      if (!left.length && !item.payload.body) return discard(id);
      await outbox.amend(id, (payload) => ({ ...payload, files: left }));
      for (const one of left) uploads.retry(one.upload);
    }
    await outbox.retry(id);
  }

  async function discard(id: string) {
    const item = outbox.items().find((one) => one.client_id === id);
    for (const one of item ? filesOf(item.payload) : []) uploads.cancel(one.upload);
    await outbox.discard(id);
  }

  return { uploaded, changed, retry, discard };
}

function arrived(one: AttachedFile, upload: Upload | undefined): AttachedFile {
  const file = upload?.file;
  if (!file || file.id === one.lost_id || upload.state === "refused") return one;
  const { lost_id: _, ...rest } = one;
  return { ...rest, name: file.name, file_id: file.id };
}

function mayGoAgain(upload: Upload | undefined): boolean {
  return upload?.state !== "refused" && upload?.failure?.code !== "bytes_lost";
}
