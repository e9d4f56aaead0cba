/** A picture's size as its sender's browser sees it, so that its box is there before it is sent. */
import type { SentFile } from "./kinds.ts";

interface Measured {
  url: string | null;
  width: number | null;
  height: number | null;
}

const nothing: Measured = { url: null, width: null, height: null };
const PATIENCE_MS = 2_000;

export function measure(file: Blob, kind: SentFile["kind"]): Promise<Measured> {
  if (kind !== "image") return Promise.resolve(nothing);
  const url = URL.createObjectURL(file);
  return new Promise((done) => {
    const image = new Image();
    const timer = setTimeout(() => done({ ...nothing, url }), PATIENCE_MS);
    image.onload = () => {
      clearTimeout(timer);
      done({ url, width: image.naturalWidth, height: image.naturalHeight });
    };
    image.onerror = () => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      done(nothing);
    };
    image.src = url;
  });
}
