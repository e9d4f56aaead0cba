/** Pictures of this device, shown from its own memory: before they are up, and after, so that nothing is fetched that is here. */

import { kindOf } from "../../wire/file_rules";

export interface Previews {
  /** Pixels of a picture; null for what is none, or what this browser cannot draw. */
  measure(file: globalThis.File): Promise<{ width: number; height: number } | null>;
  keep(id: string, bytes: Blob): void;
  /** The same picture under another name. */
  alsoAs(id: string, other: string): void;
  drop(id: string): void;
  url(id: string): string | null;
}

/** More than this many stay in memory for nobody's good. */
const MOST = 24;

export function createPreviews(): Previews {
  const urls = new Map<string, string>();

  function trim() {
    for (const id of urls.keys()) {
      if (new Set(urls.values()).size <= MOST) return;
      drop(id);
    }
  }

  function drop(id: string) {
    const url = urls.get(id);
    if (!url) return;
    for (const [key, one] of urls) if (one === url) urls.delete(key);
    URL.revokeObjectURL(url);
  }

  return {
    async measure(file) {
      if (kindOf(file.name) !== "image") return null;
      const url = URL.createObjectURL(file);
      const picture = new Image();
      picture.src = url;
      try {
        await picture.decode();
        return { width: picture.naturalWidth, height: picture.naturalHeight };
      } catch {
        return null;
      } finally {
        URL.revokeObjectURL(url);
      }
    },
    keep(id, bytes) {
      urls.set(id, URL.createObjectURL(bytes));
      trim();
    },
    alsoAs(id, other) {
      const url = urls.get(id);
      if (url) urls.set(other, url);
    },
    drop,
    url: (id) => urls.get(id) ?? null,
  };
}
