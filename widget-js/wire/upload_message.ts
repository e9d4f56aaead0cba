/** A message whose files may still be on their way, as an outbox keeps it. */

import type { OutboxItem } from "./outbox";
import { Problem } from "./rest";
import type { Upload } from "./upload";

/** What a message in an outbox says of a file that belongs to it. */
export interface AttachedFile {
  upload: string;
  name: string;
  size: number;
  width: number | null;
  height: number | null;
  /** The server's id; null until it is up. */
  file_id: string | null;
  /** An id the server no longer knows: the bytes have to go up again. */
  lost_id?: string;
}

/** A payload of an outbox whose messages may have files. */
export interface WithFiles {
  body?: string;
  files?: readonly AttachedFile[];
}

/** For `OutboxOptions.isReady`. */
export function isUploaded({ payload }: { payload: WithFiles }): boolean {
  return filesOf(payload).every((one) => one.file_id !== null);
}

export function fileIds(payload: WithFiles): string[] {
  return filesOf(payload).flatMap((one) => one.file_id ?? []);
}

/** For `OutboxOptions.heal`: files the server does not know (any more), or refused meanwhile, go up again and are judged again. */
export function healFiles<P extends WithFiles>({ payload, attempts }: OutboxItem<P>, error: unknown): P | null {
  const isOfFiles = error instanceof Problem && error.fields.some((one) => one.code === "unknown_file" || one.code === "file_refused");
  return isOfFiles && attempts <= MOST_TRIES ? withoutIds(payload) : null;
}

const MOST_TRIES = 3;

function withoutIds<P extends WithFiles>(payload: P): P {
  const files = filesOf(payload).map((one) => (one.file_id ? { ...one, file_id: null, lost_id: one.file_id } : one));
  return { ...payload, files };
}

export function filesOf(payload: WithFiles): readonly AttachedFile[] {
  // Items that were stored before messages could have files have none.
  return payload.files ?? [];
}

export function attachedOf({ id, name, size, width, height, file }: Upload): AttachedFile {
  return { upload: id, name, size, width, height, file_id: file?.id ?? null };
}
