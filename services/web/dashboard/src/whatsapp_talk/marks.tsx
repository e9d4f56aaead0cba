import { ExternalLink, Forward, History, Megaphone, Pencil, Smartphone } from "lucide-react";
import { LINK_REL, safeUrl, type Extra, type Message } from "wire";
import { fullTime } from "ui";
import { lateText } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

export function ForwardedMark({ how }: { how: NonNullable<Extra["forwarded"]> }) {
  return (
    <span className={css["forwarded"]}>
      <Forward size={12} aria-hidden />
      {t(how === "often" ? "forwardedOften" : "forwarded")}
    </span>
  );
}

/** The advertisement that led here, in words: its picture is on somebody else's server and is not loaded. */
export function AdCard({ referral }: { referral: NonNullable<Extra["referral"]> }) {
  const safe = referral.url ? safeUrl(referral.url) : null;
  return (
    <span className={css["ad"]}>
      <span className={css["adKind"]}>
        <Megaphone size={13} aria-hidden />
        {t(referral.kind === "post" ? "post" : "ad")}
      </span>
      {referral.headline && <strong>{referral.headline}</strong>}
      {referral.body && <span className={css["adWords"]}>{referral.body}</span>}
      {safe && (
        <a href={safe} target="_blank" rel={LINK_REL}>
          {t("openAd")} {new URL(safe).hostname} <ExternalLink size={11} aria-hidden />
        </a>
      )}
    </span>
  );
}

/** Small facts beside the time. */
export function Facts({ message }: { message: Message }) {
  const { extra } = message;
  if (!extra) return null;
  const late = lateText(message);
  return (
    <>
      {late && <span>{late}</span>}
      {extra.history && (
        <span className={css["fact"]} title={t("historyTitle")}>
          <History size={11} aria-hidden />
          {t("history")}
        </span>
      )}
      {extra.phone_app && (
        <span className={css["fact"]} title={t("phoneAppTitle")}>
          <Smartphone size={11} aria-hidden />
          {t("phoneApp")}
        </span>
      )}
      {extra.edited_at && !extra.revoked_at && (
        <span className={css["fact"]} title={t("editedAt", { time: fullTime(extra.edited_at) })}>
          <Pencil size={10} aria-hidden />
          {t("edited")}
        </span>
      )}
    </>
  );
}
