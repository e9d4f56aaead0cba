/**
 * What may be attached, decided before a byte is sent; the server decides again.
 *
 * Pure, and the same for visitors and agents: a refusal is a code with the limit it names,
 * the words are the screen's.
 */

import { PICTURES } from "./file_accept";
import type { FileKind, FileRules } from "./types";

export interface Chosen {
  name: string;
  /** Bytes. */
  size: number;
}

export type FileRefusal =
  | { code: "files_off"; name: string }
  | { code: "file_empty"; name: string }
  | { code: "file_type_refused"; name: string; types: readonly string[] }
  | { code: "file_too_large"; name: string; max_bytes: number }
  | { code: "too_many_files"; name: string; most: number };

/** Splits what a person chose into what may go up and what may not, beside `already` attached ones. */
export function checkFiles<F extends Chosen>(rules: FileRules, chosen: readonly F[], already = 0): { fine: F[]; refused: FileRefusal[] } {
  const fine: F[] = [];
  const refused: FileRefusal[] = [];
  for (const one of chosen) {
    const refusal = checkFile(rules, one) ?? checkCount(rules, one, already + fine.length);
    if (refusal) refused.push(refusal);
    else fine.push(one);
  }
  return { fine, refused };
}

function checkFile(rules: FileRules, { name, size }: Chosen): FileRefusal | null {
  if (!rules.enabled) return { code: "files_off", name };
  if (!rules.types.includes(endingOf(name))) return { code: "file_type_refused", name, types: rules.types };
  if (size === 0) return { code: "file_empty", name };
  return size > rules.max_bytes ? { code: "file_too_large", name, max_bytes: rules.max_bytes } : null;
}

function checkCount(rules: FileRules, { name }: Chosen, count: number): FileRefusal | null {
  return count >= rules.most ? { code: "too_many_files", name, most: rules.most } : null;
}

/** The ending of a name, lower case, without the dot; empty when there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

const SOUNDS = ["mp3", "m4a", "ogg", "wav", "opus", "aac"];
const FILMS = ["mp4", "webm", "mov"];

/** How a file will be shown, as far as its name tells. */
export function kindOf(name: string): FileKind {
  const ending = endingOf(name);
  if (ending in PICTURES) return "image";
  return SOUNDS.includes(ending) ? "audio" : FILMS.includes(ending) ? "video" : "document";
}
