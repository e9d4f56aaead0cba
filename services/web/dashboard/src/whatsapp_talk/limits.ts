/** What WhatsApp takes in one message, said before it is sent. Pure. */
import { endingOf, shownName, sizeText } from "../files/kinds.ts";
import type { Insert } from "./insert.ts";
import { t } from "./words.ts";

export const TEXT = 4_096;
export const CAPTION = 1_024;
const MB = 1024 * 1024;

type Kind = "image" | "video" | "audio" | "document" | "sticker";

const endings: Record<Exclude<Kind, "document">, readonly string[]> = {
  image: ["jpg", "jpeg", "png"],
  video: ["mp4", "3gp"],
  audio: ["aac", "amr", "mp3", "m4a", "ogg", "oga", "opus"],
  sticker: ["webp"],
};

const most: Record<Kind, number> = { image: 5 * MB, video: 16 * MB, audio: 16 * MB, document: 100 * MB, sticker: 500 * 1024 };

/** Pictures and films WhatsApp refuses outright; everything else may go as a document. */
const refused = ["gif", "bmp", "tif", "tiff", "heic", "svg", "webm", "avi", "mov", "mkv", "wav", "flac"];

export function kindFor(name: string): Kind | null {
  const ending = endingOf(name);
  const known = (Object.keys(endings) as Exclude<Kind, "document">[]).find((kind) => endings[kind].includes(ending));
  return known ?? (refused.includes(ending) ? null : "document");
}

/** Why WhatsApp would not take this file, as a sentence; null when it would. */
export function fileProblem(file: { name: string; size: number }): string | null {
  const name = shownName(file.name);
  const kind = kindFor(file.name);
  if (kind === null) return t("fileType", { name });
  if (file.size > most[kind]) return t("fileSize", { name, kind: t(`kind.${kind}`), size: sizeText(most[kind]) });
  return null;
}

/** Letters a message may have, by what goes with it. */
export function mostLetters(files: number, insert: Insert | null): number {
  if (insert?.type === "buttons" || insert?.type === "link" || files > 0) return CAPTION;
  return TEXT;
}

/** Places and cards stand alone; what is tapped needs words above it. */
export const needsWords = (insert: Insert): boolean => insert.type === "buttons" || insert.type === "list" || insert.type === "link";

export const overText = (over: number, most: number): string => t(most === CAPTION ? "overCaption" : "over", { n: over, most: String(most) });
