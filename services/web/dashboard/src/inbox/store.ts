/** A value many views watch, each its own part. */
import { useRef, useSyncExternalStore } from "react";

export interface Store<S> {
  get(): S;
  set(change: (old: S) => S): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<S>(first: S): Store<S> {
  let value = first;
  const listeners = new Set<() => void>();
  let owed = false;

  /** A burst of events is one drawing. A hidden tab gets no frames, so there a timer stands in. */
  function tell() {
    if (owed) return;
    owed = true;
    const flush = () => {
      owed = false;
      for (const listener of [...listeners]) listener();
    };
    if (document.hidden) setTimeout(flush, 50);
    else requestAnimationFrame(flush);
  }

  return {
    get: () => value,
    set(change) {
      const next = change(value);
      if (next === value) return;
      value = next;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** `select` may build a new value each time as long as `same` recognises an equal one. */
export function useStore<S, T>(store: Store<S>, select: (state: S) => T, same: (a: T, b: T) => boolean = Object.is): T {
  const last = useRef<{ value: T } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const next = select(store.get());
    if (!last.current || !same(last.current.value, next)) last.current = { value: next };
    return last.current.value;
  });
}
