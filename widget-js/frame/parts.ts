/**
 * Chunks that come when they are needed.
 *
 * A browser remembers for the life of a page that a module could not be fetched, so a module is
 * asked for only after its files have been: what failed for want of a network is tried again.
 */

/** Each chunk's own files; the build writes them in. */
declare const CHUNKS: Record<"files" | "lightbox", string[]>;
declare const FILES_CSS: string;

const importFiles = () => import("./files");
const importLightbox = () => import("./files/lightbox");

export async function loadFiles(): ReturnType<typeof importFiles> {
  await Promise.all([fetched(CHUNKS.files), styled(FILES_CSS)]);
  return importFiles();
}

export const loadLightbox = () => fetched(CHUNKS.lightbox).then(importLightbox);

async function fetched(names: string[]) {
  await Promise.all(names.map((name) => fetch(new URL(name, import.meta.url)).then((answer) => answer.ok || Promise.reject(new Error(name)))));
}

/** Drawn before its style had come it would jump. */
function styled(href: string): Promise<void> {
  if (document.head.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done, fail) => {
    link.onload = () => done();
    link.onerror = () => (link.remove(), fail(new Error(href)));
    document.head.append(link);
  });
}
