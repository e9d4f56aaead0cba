/** Addresses of files for this person: asked for together, remembered for minutes, never kept. */
import { useEffect, useState } from "react";
import { createLinks, type FileLink, type FileVariant, type Links, type Rest } from "wire";
import { useInbox } from "../inbox/context.tsx";
import { shownName, type SentFile } from "./kinds.ts";

export interface FileLinks extends Links {
  /** Hands the bytes to the browser's own downloads. */
  download(file: SentFile): Promise<void>;
  /** A picture sent from this tab is shown from here: no wait, no flicker when the server has it. */
  keepLocal(id: string, url: string): void;
  local(id: string): string | null;
}

export function fileLinks(rest: Rest): FileLinks {
  const links = createLinks({ fetch: (items) => rest.post<{ items: FileLink[] }>("/v1/files/links", { items }) });
  const locals = new Map<string, string>();
  return {
    ...links,
    async download(file) {
      const url = await links.want(file.id, "full");
      if (!url) throw new Error("It is no longer available.");
      follow(url, shownName(file.name));
    },
    keepLocal(id, url) {
      locals.set(id, url);
      const [oldest] = locals.keys();
      if (locals.size <= LOCALS || oldest === undefined) return;
      URL.revokeObjectURL(locals.get(oldest) ?? "");
      locals.delete(oldest);
    },
    local: (id) => locals.get(id) ?? null,
  };
}

/** A day of sending pictures must not fill the memory. */
const LOCALS = 60;

/** The answer is an attachment, so the page stays where it is. */
function follow(url: string, name: string) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.rel = "noopener";
  anchor.click();
}

interface Link {
  url: string | null;
  failed: boolean;
  /** The address did not work: ask for another. */
  again(): void;
}

export function useLink(file: SentFile, variant: FileVariant): Link {
  const { links } = useInbox();
  const local = file.kind === "image" && variant !== "full" ? links.local(file.id) : null;
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<{ url: string | null; failed: boolean }>(() => ({ url: links.known(file.id, variant), failed: false }));
  const wanted = file.state === "ready" && local === null;
  useEffect(() => {
    if (!wanted) return;
    let isOver = false;
    links.want(file.id, variant).then(
      (url) => isOver || setFound({ url, failed: url === null }),
      () => isOver || setFound({ url: null, failed: true }),
    );
    return () => void (isOver = true);
  }, [links, file.id, variant, wanted, round]);
  const again = () => {
    links.refused(file.id, variant);
    setRound(round + 1);
  };
  return { ...found, url: local ?? found.url, failed: found.failed && local === null, again };
}
