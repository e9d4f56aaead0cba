/** Keeps the reader's place when older messages come, and follows when new ones do. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Nearer than this to the end counts as reading the end. */
const NEAR_PX = 80;
/** Nearer than this to the beginning asks for older messages. */
const OLDER_PX = 200;

export interface ScrollingOptions {
  /** Changes when older messages come in above. */
  first: number | undefined;
  /** Key of the last row. */
  last: string | undefined;
  /** The last row is the reader's own: it is always shown. */
  isOwn: boolean;
  /** Whatever else makes the log longer. */
  also: readonly unknown[];
  /** What is shown: a file that says more than before, a message that failed. */
  rows: readonly unknown[];
  hasMore: boolean;
  onOlder(): Promise<void>;
}

export function useScrolling({ first, last, isOwn, also, rows, hasMore, onOlder }: ScrollingOptions) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const height = useRef(0);
  const [isAway, setAway] = useState(false);
  const [isBusy, setBusy] = useState(false);

  useLayoutEffect(() => {
    const log = box.current!;
    // Older messages came in above: what was read stays where it was.
    if (!isAtEnd.current) log.scrollTop += log.scrollHeight - height.current;
    height.current = log.scrollHeight;
  }, [first]);

  useLayoutEffect(() => {
    const log = box.current!;
    if (isAtEnd.current || isOwn) log.scrollTop = log.scrollHeight;
    else if (last) setAway(true);
    height.current = log.scrollHeight;
  }, [last, ...also]);

  useLayoutEffect(() => {
    if (isAtEnd.current) box.current!.scrollTop = box.current!.scrollHeight;
  }, rows);
  useFollowing(box, isAtEnd);

  async function scrolled() {
    const log = box.current!;
    isAtEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    height.current = log.scrollHeight;
    if (isAtEnd.current) setAway(false);
    if (log.scrollTop > OLDER_PX || !hasMore || isBusy) return;
    setBusy(true);
    await onOlder();
    setBusy(false);
  }

  return { box, isAway, isBusy, scrolled, toEnd: () => box.current!.scrollTo({ top: box.current!.scrollHeight }) };
}

/** The keyboard of a phone, the composer growing: the end stays in view. */
function useFollowing(box: { readonly current: HTMLDivElement | null }, isAtEnd: { readonly current: boolean }) {
  useEffect(() => {
    const log = box.current!;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, []);
}
