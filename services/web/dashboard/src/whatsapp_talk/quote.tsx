import { useState } from "react";
import type { Message } from "wire";
import { say } from "ui";
import { contactName, useInbox, useInboxState } from "../inbox/context.tsx";
import { briefOf } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

/** What a message answers: a press goes there, loading what lies between. */
export function Quote({ message }: { message: Message }) {
  const inbox = useInbox();
  const { conversation_id: id, reply_to } = message;
  const quoted = useInboxState((state) => (reply_to ? state.threads.get(id)?.thread.messages.find((one) => one.id === reply_to) : undefined));
  const [seeking, setSeeking] = useState(false);
  if (!reply_to)
    return (
      <span className={css["quote"]} data-unknown>
        <span className={css["quoteWords"]}>{t("quoteUnknown")}</span>
      </span>
    );
  const jump = () => {
    setSeeking(true);
    void inbox.threads
      .seekMessage(id, reply_to)
      .then((found) => found || say(t("quoteUnknown"), { tone: "bad" }))
      .finally(() => setSeeking(false));
  };
  return (
    <button type="button" className={css["quote"]} title={t("jump")} aria-busy={seeking || undefined} onClick={jump}>
      {quoted ? <Known message={quoted} /> : <span className={css["quoteWords"]}>{t("quoteEarlier")}</span>}
    </button>
  );
}

function Known({ message }: { message: Message }) {
  return (
    <>
      <span className={css["quoteBy"]}>
        <AuthorName message={message} />
      </span>
      <span className={css["quoteWords"]}>{briefOf(message)}</span>
    </>
  );
}

/** Whose words these are, as the thread names them. */
export function AuthorName({ message }: { message: Message }) {
  return useAuthorName()(message);
}

export function useAuthorName(): (message: Message) => string {
  const inbox = useInbox();
  const find = (id: string) => inbox.store.get().inbox.conversations.get(id);
  return (message) => {
    if (message.author.id === inbox.me.id) return t("you");
    const conversation = find(message.conversation_id);
    if (message.author.kind !== "visitor" || !conversation || conversation.group) return message.author.name;
    return contactName(conversation.contact);
  };
}

/** The quote of words that have not left yet. */
export function QuoteBox({ name, brief }: { name: string; brief: string }) {
  return (
    <span className={css["quote"]}>
      <span className={css["quoteBy"]}>{name}</span>
      <span className={css["quoteWords"]}>{brief}</span>
    </span>
  );
}

