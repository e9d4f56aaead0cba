/** Of several tabs one makes the noise: the one that holds the lock. It passes on when that tab closes. */
import { useCallback, useEffect, useRef } from "react";

export function useOnlyTab(name: string): () => boolean {
  const held = useRef(!("locks" in navigator));
  useEffect(() => {
    if (!("locks" in navigator)) return;
    const given = new AbortController();
    let release = () => {};
    navigator.locks
      .request(name, { signal: given.signal }, () => {
        held.current = true;
        return new Promise<void>((done) => (release = done));
      })
      .catch(() => undefined);
    return () => {
      held.current = false;
      given.abort();
      release();
    };
  }, [name]);
  return useCallback(() => held.current, []);
}
