import { memo } from "react";
import { Check, CheckCheck, CircleAlert, Clock, Lock } from "lucide-react";
import { linkify, LINK_REL, type Message } from "wire";
import { Avatar, clock, fullTime } from "ui";
import { MessageFiles } from "../files/message_files.tsx";
import { failureText } from "../files/refusals.ts";
import { WaitingFiles } from "../files/waiting_files.tsx";
import { TalkBody, Told } from "../whatsapp_talk/body.tsx";
import { Facts } from "../whatsapp_talk/marks.tsx";
import { QuoteBox } from "../whatsapp_talk/quote.tsx";
import { ActsBar, Reactions } from "../whatsapp_talk/reactions.tsx";
import { NotSent as NotSentThere, Reached } from "../whatsapp_talk/state.tsx";
import { hasNews, noExtra } from "../whatsapp_talk/texts.ts";
import { ShutOut } from "../whatsapp_talk/shut_out.tsx";
import { useInbox } from "./context.tsx";
import type { Waiting } from "./state.ts";
import { t } from "./words.ts";
import css from "./thread.module.css";

/** Text and anchors only, never markup: what a visitor writes stays words. */
export const Text = memo(function Text({ body }: { body: string }) {
  return (
    <span className={css["text"]}>
      {linkify(body).map((part, index) =>
        part.href ? (
          <a key={index} href={part.href} target="_blank" rel={LINK_REL}>
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </span>
  );
});

type Props = { message: Message; name: string; starts: boolean; ends: boolean; found: boolean; channel: boolean };

export const Bubble = memo(function Bubble({ message, name, starts, ends, found, channel }: Props) {
  const inbox = useInbox();
  const kind = message.visibility === "note" ? "note" : message.author.kind === "visitor" ? "visitor" : "agent";
  // What a channel has nothing to add to is drawn by its rules all the same: marks, quotes.
  const extra = message.extra ?? (channel || message.reply_to !== null ? noExtra : null);
  const own = message.author.id === inbox.me.id;
  const author = message.author.kind === "visitor" ? name : own ? t("you") : message.author.name;
  return (
    <article className={css["message"]} data-kind={kind} data-starts={starts || undefined} data-found={found || undefined} tabIndex={found ? -1 : undefined} aria-label={`${author}, ${fullTime(message.created_at)}`}>
      <span className={css["face"]}>{ends && <Avatar name={author === t("you") ? inbox.me.name : author} seed={message.author.id ?? author} size={26} />}</span>
      <div className={css["column"]}>
        {starts && <AuthorLine author={author} note={kind === "note"} />}
        {extra ? <TalkBody message={message} extra={extra} by={author} /> : <Said message={message} by={author} />}
        {channel && <Reactions message={message} />}
        {(ends || hasNews(message)) && (
          <div className={css["meta"]}>
            {!message.extra?.sent_at && <time dateTime={message.created_at}>{clock(message.created_at)}</time>}
            <Facts message={message} />
            {kind === "agent" && (channel ? <Reached state={message.delivery} /> : <Delivery state={message.delivery} />)}
          </div>
        )}
        {message.extra?.failure && <NotSentThere message={message} failure={message.extra.failure} />}
      </div>
      {channel && kind !== "note" && inbox.mayWrite && !message.extra?.revoked_at && <ActsBar message={message} />}
    </article>
  );
});

/** A web page's message: words and files. */
function Said({ message, by }: { message: Message; by: string }) {
  return (
    <>
      {message.body !== "" && (
        <div className={css["bubble"]} title={fullTime(message.created_at)}>
          <Text body={message.body} />
        </div>
      )}
      <MessageFiles message={message} by={by} />
    </>
  );
}

function AuthorLine({ author, note }: { author: string; note: boolean }) {
  return (
    <div className={css["author"]}>
      {author}
      {note && (
        <span className={css["noteMark"]}>
          <Lock size={11} aria-hidden /> {t("noteBy")}
        </span>
      )}
    </div>
  );
}

function Delivery({ state }: { state: Message["delivery"] }) {
  const Icon = state === "sent" ? Check : CheckCheck;
  return (
    <span className={css["delivery"]} data-state={state}>
      <Icon size={13} aria-hidden />
      {t(state)}
    </span>
  );
}

export function WaitingBubble({ item, starts }: { item: Waiting; starts: boolean }) {
  const { body, content, answers, visibility } = item.payload;
  const kind = visibility === "note" ? "note" : "agent";
  return (
    <article className={css["message"]} data-kind={kind} data-starts={starts || undefined} data-waiting={item.state}>
      <span className={css["face"]} />
      <div className={css["column"]}>
        {(body !== "" || content) && (
          <Told content={content ?? null}>
            {answers && <QuoteBox {...answers} />}
            <Text body={body} />
          </Told>
        )}
        <WaitingFiles files={item.payload.files ?? []} note={kind === "note"} />
        {item.state === "failed" ? <NotSent item={item} /> : <OnItsWay item={item} />}
      </div>
    </article>
  );
}

function NotSent({ item }: { item: Waiting }) {
  const inbox = useInbox();
  const { failure, payload } = item;
  const reason = failure && (payload.files?.length ? failureText(failure, true) : failure.text);
  return (
    <div className={css["failed"]} role="alert">
      <CircleAlert size={13} aria-hidden />
      {t("failed")}
      {reason ? `: ${reason}` : ""}
      {failure?.code === "window_closed" && <ShutOut conversation={payload.conversation_id} />}
      <button type="button" onClick={() => inbox.retry(item.client_id)}>{t("retry")}</button>
      <button type="button" onClick={() => inbox.discard(item.client_id)}>{t("discard")}</button>
    </div>
  );
}

function OnItsWay({ item }: { item: Waiting }) {
  const uploading = item.payload.files?.some((one) => one.file_id === null);
  const stalled = item.attempts > 1 || (item.attempts === 1 && item.state === "queued");
  return (
    <div className={css["meta"]}>
      <Clock size={12} aria-hidden />
      {t(uploading ? "sendingFiles" : stalled ? "queued" : "sending")}
    </div>
  );
}
