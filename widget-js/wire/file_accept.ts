/** What a picker is told of the rules. */

import type { FileRules } from "./types";

/** Endings of pictures and their media types. */
export const PICTURES: Record<string, string> = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", gif: "image/gif" };

/** For `<input accept>`. With a picture's media type beside its ending a phone offers its camera, too. */
export function acceptOf(rules: FileRules): string {
  const media = rules.types.flatMap((ending) => PICTURES[ending] ?? []);
  return [...rules.types.map((ending) => `.${ending}`), ...new Set(media)].join();
}
