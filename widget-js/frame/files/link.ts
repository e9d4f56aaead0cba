/** Addresses of files in views: asked for when something is drawn, and anew when one did not work. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Links } from "../../wire/links";
import type { FileVariant } from "../../wire/types";

export interface Linked {
  url: string | null;
  /** It may not be had, or asking failed more than once. */
  isBroken: boolean;
  /** The address did not work. */
  failed(): void;
  /** A person wants it tried again. */
  again(): void;
}

const TRIES = 2;
/** A failure after longer than this is a link that ended, as in the middle of a film, and not the one before again. */
const APART_MS = 60_000;

export function useLink(links: Links, id: string, variant: FileVariant, isWanted: boolean): Linked {
  const [url, setUrl] = useState<string | null>(() => (isWanted ? links.known(id, variant) : null));
  const [tries, setTries] = useState(0);
  const failedAt = useRef(0);
  const isBroken = tries >= TRIES;

  useEffect(() => {
    if (!isWanted || isBroken) return;
    let isLate = false;
    links.want(id, variant).then(
      (found) => isLate || (found ? setUrl(found) : setTries(TRIES)),
      () => isLate || setTries((n) => n + 1),
    );
    return () => void (isLate = true);
  }, [id, variant, isWanted, tries]);

  return {
    url,
    isBroken,
    failed() {
      links.refused(id, variant);
      const isApart = Date.now() - failedAt.current > APART_MS;
      failedAt.current = Date.now();
      // Never the same number: the address has to be asked for again.
      setTries((n) => (isApart && n > 0 ? n - 0.5 : n + 1));
    },
    again: () => setTries(0),
  };
}
