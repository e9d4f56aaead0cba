import { useEffect } from "react";
import { Button } from "ui";
import { replaceConversation } from "../inbox/state.ts";
import { useConversation, useInbox } from "../inbox/context.tsx";
import { openMenu } from "../inbox/menus.ts";
import { t } from "./words.ts";

/** The server said the window is shut while we thought it open: its word counts, and the words typed stay here. */
export function ShutOut({ conversation: id }: { conversation: string }) {
  const inbox = useInbox();
  const conversation = useConversation(id);
  const window = conversation?.window ?? null;
  const wrong = window !== null && window.refused_at === null && Date.parse(window.open_until ?? "") > Date.now();
  useEffect(() => {
    if (!conversation || !window || !wrong) return;
    const shut = { ...window, refused_at: new Date().toISOString() };
    inbox.store.set((state) => replaceConversation(state, { ...conversation, window: shut }));
    // Once, when it comes: what is heard of the window later is newer than this.
  }, []);
  return (
    <>
      <span>{t("shutAgain")}</span>
      <Button size="s" onClick={() => openMenu("templates")}>{t("chooseTemplate")}</Button>
    </>
  );
}
