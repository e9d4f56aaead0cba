/** A conversation counts as read when its end is on the screen of somebody who is looking. */
import { useEffect, useState } from "react";
import type { Conversation } from "wire";
import { useInbox } from "./context.tsx";

export function useReading(conversation: Conversation, atEnd: boolean) {
  const inbox = useInbox();
  const looking = useLooking();
  const { id, last_seq, unread } = conversation;
  useEffect(() => {
    if (looking && atEnd) inbox.threads.read(id);
  }, [inbox, id, last_seq, unread, looking, atEnd]);
}

export function useLooking(): boolean {
  const [looking, setLooking] = useState(isLooking);
  useEffect(() => {
    const update = () => setLooking(isLooking());
    window.addEventListener("focus", update);
    window.addEventListener("blur", update);
    document.addEventListener("visibilitychange", update);
    return () => {
      window.removeEventListener("focus", update);
      window.removeEventListener("blur", update);
      document.removeEventListener("visibilitychange", update);
    };
  }, []);
  return looking;
}

export const isLooking = () => document.visibilityState === "visible" && document.hasFocus();
