import { useRef, useState } from "react";
import { MessageSquareWarning } from "lucide-react";
import type { Conversation, Message } from "wire";
import { Banner, Button } from "ui";
import { contactName, useConversation, useInbox, useInboxState } from "./context.tsx";
import { t } from "./words.ts";
import css from "./composer.module.css";

const nobody: readonly { id: string; name: string; kind: string }[] = [];

export function TypingLine({ id }: { id: string }) {
  const inbox = useInbox();
  const conversation = useConversation(id);
  const people = useInboxState((state) => state.typing.get(id) ?? nobody).filter((person) => person.id !== inbox.me.id);
  const names = people.map((person) => (person.kind === "visitor" && conversation ? contactName(conversation.contact) : person.name));
  const text = names.length > 1 ? t("typingMany", { names: names.join(", ") }) : t("typingOne", { name: names[0] ?? "" });
  return (
    <div className={css["typing"]} aria-live="polite" data-on={names.length > 0 || undefined}>
      {names.length > 0 && (
        <>
          <span className={css["dots"]} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {text}
        </>
      )}
    </div>
  );
}

/** Two people answering at once is the oldest accident of a shared inbox: say so before the second answer leaves. */
export function Answered({ conversation, writing }: { conversation: Conversation; writing: boolean }) {
  const inbox = useInbox();
  const since = useRef<number | null>(null);
  const [dismissed, setDismissed] = useState(0);
  const last = useInboxState((state) => lastByOther(state.threads.get(conversation.id)?.thread.messages, inbox.me.id));
  if (!writing) since.current = null;
  else since.current ??= conversation.last_seq;
  const news = last && since.current !== null && last.seq > since.current && last.seq > dismissed ? last : null;
  if (!news) return null;
  return (
    <Banner
      tone="warn"
      icon={<MessageSquareWarning size={14} aria-hidden />}
      action={<Button size="s" tone="quiet" onClick={() => setDismissed(news.seq)}>{t("dismiss")}</Button>}
    >
      {t("answered", { name: news.author.name })}
    </Banner>
  );
}

function lastByOther(messages: readonly Message[] | undefined, me: string): Message | null {
  for (let at = (messages?.length ?? 0) - 1; at >= 0; at--) {
    const message = messages?.[at];
    if (message?.author.kind === "agent" && message.author.id !== me && message.visibility === "public") return message;
  }
  return null;
}
