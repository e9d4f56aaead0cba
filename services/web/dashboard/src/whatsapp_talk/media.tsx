import { useState } from "react";
import { FileX2, LoaderCircle } from "lucide-react";
import { Button } from "ui";
import type { Content, Message } from "wire";
import { useInbox } from "../inbox/context.tsx";
import { fetchAgain } from "./acts.ts";
import { mayFetch, missingText } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

type Media = Extract<Content, { type: "media" }>;

/** A file that was announced and is not here: on its way, or missing with the reason. */
export function MediaAway({ message, media }: { message: Message; media: Media }) {
  if (media.state === "missing") return <Missing message={message} media={media} />;
  return (
    <div className={css["away"]} role="status">
      <LoaderCircle size={16} className={css["spin"]} aria-hidden />
      <span>
        <strong>{t(`coming.${media.kind}`)}</strong>
        {media.name && <bdi className={css["fine"]}>{media.name}</bdi>}
      </span>
    </div>
  );
}

function Missing({ message, media }: { message: Message; media: Media }) {
  const inbox = useInbox();
  const [asking, setAsking] = useState(false);
  const ask = () => {
    setAsking(true);
    void fetchAgain(inbox, message).finally(() => setAsking(false));
  };
  return (
    <div className={css["away"]} data-missing>
      <FileX2 size={18} aria-hidden />
      <span>
        <strong>{t(`missing.${media.kind}`)}</strong>
        {media.name && <bdi className={css["fine"]}>{media.name}</bdi>}
        <span>{missingText(media)}</span>
        {inbox.mayWrite && mayFetch(media) && (
          <Button size="s" busy={asking} onClick={ask}>{t("tryAgain")}</Button>
        )}
      </span>
    </div>
  );
}
