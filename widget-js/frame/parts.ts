/** Chunks with a style sheet of their own. */

declare const FILES_CSS: string;

type Files = typeof import("./files");

export async function loadFiles(): Promise<Files> {
  const [files] = await Promise.all([import("./files"), styled(FILES_CSS)]);
  return files;
}

/** Drawn before its style had come it would jump; without it, it can still be used. */
function styled(href: string): Promise<void> {
  if (document.head.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done) => {
    link.onload = () => done();
    link.onerror = () => (link.remove(), done());
    document.head.append(link);
  });
}
