/** "R" and "N" come from the keyboard, the composer lives elsewhere: the wish travels as an event on the window. */
import { useEffect, useRef } from "react";
import type { Mode } from "./drafts.ts";

const NAME = "porchlight:compose";

export function requestFocus(mode: Mode) {
  window.dispatchEvent(new CustomEvent<Mode>(NAME, { detail: mode }));
}

export function useFocusRequest(wanted: (mode: Mode) => void) {
  const latest = useRef(wanted);
  latest.current = wanted;
  useEffect(() => {
    const heard = (event: Event) => latest.current((event as CustomEvent<Mode>).detail);
    window.addEventListener(NAME, heard);
    return () => window.removeEventListener(NAME, heard);
  }, []);
}
