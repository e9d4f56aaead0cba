import { Info } from "lucide-react";
import type { Message } from "wire";
import { systemText } from "./texts.ts";
import thread from "../inbox/thread.module.css";
import css from "./talk.module.css";

/** What WhatsApp tells about the person: a line in the middle, of nobody's. */
export function SystemLine({ message }: { message: Message }) {
  const content = message.extra?.content;
  return (
    <p className={thread["system"]}>
      <span className={css["system"]}>
        {content?.type === "system" && <Info size={13} aria-hidden />}
        {content?.type === "system" && content.what !== "other" ? systemText(content.what) : message.body || systemText("other")}
      </span>
    </p>
  );
}
