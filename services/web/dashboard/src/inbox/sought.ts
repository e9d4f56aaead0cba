/** Takes the reader to the message somebody asked for and marks it for a moment. */
import { useEffect, useRef, useState } from "react";
import { useInbox } from "./context.tsx";
import { changeThread } from "./state.ts";

const MARKED_MS = 2_600;
const SETTLED_MS = 120;

/** Answers the number of the message that is marked now. `go` answers whether its row is there. */
export function useSought(id: string, sought: number | null, go: (seq: number) => boolean): number | null {
  const inbox = useInbox();
  const [found, setFound] = useState<number | null>(null);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  useEffect(() => {
    if (sought === null || !go(sought)) return;
    setFound(sought);
    timers.current.forEach(clearTimeout);
    // Rows above are measured as they appear: the place is only right the second time.
    timers.current = [setTimeout(() => go(sought), SETTLED_MS), setTimeout(() => setFound(null), MARKED_MS)];
    inbox.store.set((state) => changeThread(state, id, (view) => ({ ...view, sought: null })));
  }, [sought]);
  return found;
}
