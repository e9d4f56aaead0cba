/** A key opens a menu that lives elsewhere. */
import { useEffect, useRef } from "react";

export function openMenu(name: string) {
  window.dispatchEvent(new CustomEvent("porchlight:menu", { detail: name }));
}

export function useOpenMenu(name: string, open: () => void) {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const heard = (event: Event) => (event as CustomEvent<string>).detail === name && latest.current();
    window.addEventListener("porchlight:menu", heard);
    return () => window.removeEventListener("porchlight:menu", heard);
  }, [name]);
}
