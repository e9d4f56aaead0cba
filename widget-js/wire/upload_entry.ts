/** One upload with what nobody outside needs to see of it. */

import type { NewUpload, Upload } from "./upload";
import type { AttachedFile } from "./upload_message";
import type { UploadRecord } from "./upload_store";

export interface Entry {
  upload: Upload;
  /** Kept until a message has taken the file: a server that forgot it gets it again. */
  bytes: Blob | null;
  attempts: number;
  /** Not before this time. */
  nextAt: number;
  /** How often the verdict was asked for. */
  looks: number;
  isRunning: boolean;
  isGone: boolean;
  abort(): void;
  release(): void;
}

export function entryOf(file: Omit<NewUpload, "bytes"> & { bytes: Blob | null; size?: number }, id: string, created_at: string): Entry {
  const { name, bytes, conversation_id, width = null, height = null } = file;
  const size = bytes?.size ?? file.size ?? 0;
  const upload: Upload = { id, name, size, conversation_id, state: "waiting", sent: 0, file: null, failure: null, width, height, created_at };
  return { upload, bytes, attempts: 0, nextAt: 0, looks: 0, isRunning: false, isGone: false, abort() {}, release() {} };
}

/** A file of a message, of which nothing but the name is left. */
export function lostEntry({ upload: id, name, size, width, height }: AttachedFile, now: number): Entry {
  return entryOf({ name, size, width, height, bytes: null, conversation_id: null }, id, new Date(now).toISOString());
}

export function recordOf({ upload, bytes }: Entry, isRoom: boolean): UploadRecord {
  const { id, name, size, conversation_id, width, height, created_at, file } = upload;
  return { id, name, size, conversation_id, width, height, created_at, file, bytes: isRoom ? bytes : null };
}
