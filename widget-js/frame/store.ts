/** A state, the function that changes it, and those who want to know. */

export interface Store<S, A> {
  get(): S;
  dispatch(action: A): void;
  subscribe(run: () => void): () => void;
}

export function createStore<S, A>(reduce: (state: S, action: A) => S, first: S): Store<S, A> {
  let state = first;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const run of [...listeners]) run();
    },
    subscribe(run) {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  };
}
