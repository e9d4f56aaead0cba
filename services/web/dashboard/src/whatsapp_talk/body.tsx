/** What a message of a channel says, whole: its marks, what it answers, its words, its content and its files. */
import { memo, type ReactNode } from "react";
import { Trash2 } from "lucide-react";
import { fullTime } from "ui";
import type { Content, Extra, Message } from "wire";
import { MessageFiles } from "../files/message_files.tsx";
import { isOpenPicture } from "../files/kinds.ts";
import { ContentView } from "./content.tsx";
import { AdCard, ForwardedMark } from "./marks.tsx";
import { MediaAway } from "./media.tsx";
import { Quote } from "./quote.tsx";
import { Sticker } from "./sticker.tsx";
import { StyledText } from "./styled_text.tsx";
import { wordsOf } from "./texts.ts";
import { VoiceNote } from "./voice.tsx";
import { t } from "./words.ts";
import thread from "../inbox/thread.module.css";
import css from "./talk.module.css";

type Props = { message: Message; extra: Extra; by: string };

export const TalkBody = memo(function TalkBody({ message, extra, by }: Props) {
  if (extra.revoked_at) return <Revoked at={extra.revoked_at} />;
  const media = extra.content?.type === "media" ? extra.content : null;
  const words = <Words message={message} extra={extra} />;
  const files = <Files message={message} by={by} media={media} />;
  // A caption stands below its picture, as they see it.
  return media ? <>{files}{words}</> : <>{words}{files}</>;
});

function Revoked({ at }: { at: string }) {
  return (
    <div className={`${thread["bubble"]} ${css["revoked"]}`} title={t("revokedAt", { time: fullTime(at) })}>
      <Trash2 size={13} aria-hidden />
      {t("revoked")}
    </div>
  );
}

function Words({ message, extra }: { message: Message; extra: Extra }) {
  const words = wordsOf(message);
  const inside = extra.content && extra.content.type !== "media" ? extra.content : null;
  const quotes = message.reply_to !== null || extra.quotes_unknown;
  if (!words && !inside && !quotes && !extra.forwarded && !extra.referral) return null;
  return (
    <Told content={inside} title={fullTime(message.created_at)}>
      {extra.forwarded && <ForwardedMark how={extra.forwarded} />}
      {extra.referral && <AdCard referral={extra.referral} />}
      {quotes && <Quote message={message} />}
      {words && <StyledText body={words} />}
    </Told>
  );
}

/** A bubble, with what is in it or hangs from it. */
export function Told({ content, title, children }: { content: Content | null; title?: string; children: ReactNode }) {
  return (
    <div className={`${thread["bubble"]} ${css["told"]}`} data-content={content?.type} title={title}>
      {children}
      {content && <ContentView content={content} />}
    </div>
  );
}

function Files({ message, by, media }: { message: Message; by: string; media: Extract<Content, { type: "media" }> | null }) {
  const { files } = message;
  const [first] = files;
  if (!first) return media && media.state !== "there" ? <MediaAway message={message} media={media} /> : null;
  if (media?.kind === "sticker" && files.length === 1 && isOpenPicture(first)) return <Sticker file={first} />;
  if (media?.kind === "voice" && files.length === 1 && first.kind === "audio" && first.state === "ready") return <VoiceNote file={first} />;
  return <MessageFiles message={message} by={by} />;
}
