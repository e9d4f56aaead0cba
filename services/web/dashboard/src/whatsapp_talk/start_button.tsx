import { lazy, Suspense, useState } from "react";
import { MessageSquarePlus } from "lucide-react";
import { IconButton } from "ui";
import { useInbox } from "../inbox/context.tsx";
import { useSenders } from "./senders.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

const StartDialog = lazy(() => import("./start.tsx"));

/** Begins a conversation on WhatsApp; there only where a number is connected. */
export function StartButton() {
  const inbox = useInbox();
  const senders = useSenders();
  const [open, setOpen] = useState(false);
  if (!inbox.mayWrite || senders.length === 0) return null;
  return (
    <>
      <span className={css["start"]}>
        <IconButton label={t("start")} onClick={() => setOpen(true)}>
          <MessageSquarePlus size={17} aria-hidden />
        </IconButton>
      </span>
      {open && (
        <Suspense fallback={null}>
          <StartDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
