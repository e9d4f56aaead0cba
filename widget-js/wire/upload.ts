/**
 * Files on their way up: the widget's and the dashboard's alike.
 *
 * Promises: two go up at a time, in the order they were chosen; a dead network or a store
 * that is away is waited out, with pauses and `Retry-After`; what a person must decide
 * (`failed`) or cannot change (`refused`) stays and says its code; the bytes are kept beside
 * the outbox until the message has been sent, so a reload begins the upload again by itself.
 * An upload that was interrupted starts over: a file is at most 25 MB.
 */

import type { Clock } from "./clock";
import type { Failure } from "./outbox";
import { UploadQueue } from "./upload_queue";
import type { AttachedFile } from "./upload_message";
import type { RequestLike } from "./upload_request";
import type { UploadStore } from "./upload_store";
import type { File } from "./types";

/**
 * waiting: for its turn, or for the network (`failure` says so) · uploading · checking: the
 * server has it and looks at it · ready · failed: a person may try again · refused: never.
 */
export type UploadState = "waiting" | "uploading" | "checking" | "ready" | "failed" | "refused";

export interface Upload {
  /** Given here; the server's id is `file.id`. */
  id: string;
  name: string;
  size: number;
  conversation_id: string | null;
  state: UploadState;
  /** Share of the bytes that have left, 0 to 1. */
  sent: number;
  /** What the server made of it; a message can take it from now on. */
  file: File | null;
  failure: Failure | null;
  /** Pixels of a picture as the sender's browser sees it, so that its box has a size at once. */
  width: number | null;
  height: number | null;
  created_at: string;
}

export interface NewUpload {
  name: string;
  bytes: Blob;
  conversation_id: string | null;
  width?: number | null;
  height?: number | null;
}

export interface UploadsOptions {
  /** Where to post: `/v1/files` or `/widget/v1/files`. */
  url: string;
  /** The token; `stale` asks for a new one because the server refused the last. */
  token(stale: boolean): Promise<string | null> | string | null;
  /** GET …/files/{id}/state */
  state(id: string): Promise<{ file: File }>;
  /** DELETE …/files/{id}; its failure does not matter, the server clears up by itself. */
  remove(id: string): Promise<unknown>;
  onChange?(uploads: Upload[]): void;
  /** Where bytes outlive the page. Default: memory. */
  store?: UploadStore;
  /** Answers how to let go of an upload, or null when another tab has it. Default: it is ours. */
  claim?(id: string): Promise<(() => void) | null>;
  openRequest?(): RequestLike;
  clock?: Clock;
}

export interface Uploads {
  add(file: NewUpload): Upload;
  /** In the order they were chosen. */
  list(): Upload[];
  get(id: string): Upload | undefined;
  /** What is going up, as long as it is here. */
  bytes(id: string): Blob | null;
  /** A person wants it tried again. */
  retry(id: string): void;
  /** Nobody wants it any more: stop, forget, and have the server forget. */
  cancel(id: string): void;
  /** A message has taken it: forget it here. */
  done(id: string): void;
  /** The server does not know it any more: send the bytes again. */
  again(id: string): void;
  /** An event told of a file. */
  heard(file: File): void;
  /** Take over what an earlier page left for these messages. What cannot be found again becomes `failed` with code `bytes_lost`. */
  adopt(wanted: readonly AttachedFile[]): Promise<void>;
  /** What an earlier page left for no message: it was about to be sent. Answers the ids taken over. */
  adoptUnsent(wanted: readonly AttachedFile[]): Promise<string[]>;
  /** The network is back: do not wait out the pauses. */
  wake(): void;
  close(): void;
}

export function createUploads(options: UploadsOptions): Uploads {
  return new UploadQueue(options);
}
