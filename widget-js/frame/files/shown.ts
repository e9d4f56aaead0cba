/** A file as a bubble shows it, whether the server has it or it is still on its way. */

import { kindOf } from "../../wire/file_rules";
import type { File, FileKind } from "../../wire/types";
import type { Upload, UploadState } from "../../wire/upload";
import type { AttachedFile } from "../../wire/upload_message";

export interface ShownFile {
  /** Id of the file, or of the upload: names this device's own copy. */
  id: string;
  name: string;
  kind: FileKind;
  bytes: number;
  width: number | null;
  height: number | null;
  state: UploadState | "gone";
  /** Share of the bytes that have left; of files on their way. */
  sent: number;
  /** Code of why it is refused, failed or gone. */
  reason: string | null;
}

export function fromFile({ id, name, kind, bytes, width, height, state, reason }: File): ShownFile {
  return { id, name, kind, bytes, width, height, state, reason, sent: 1 };
}

export function fromAttached({ name, size, width, height, file_id, upload: id }: AttachedFile, upload?: Upload): ShownFile {
  const state = upload?.state ?? (file_id ? "ready" : "waiting");
  const isPicture = kindOf(name) === "image" && width !== null;
  const kind = isPicture ? "image" : kindOf(name) === "image" ? "document" : kindOf(name);
  return { id, name, kind, bytes: size, width, height, state, sent: upload?.sent ?? 0, reason: upload?.failure?.code ?? null };
}

export function isOnItsWay({ state }: ShownFile): boolean {
  return state === "waiting" || state === "uploading";
}

/** The pictures a viewer can leaf through. */
export function isViewable({ kind, state }: ShownFile): boolean {
  return kind === "image" && state === "ready";
}
