/** How far a message of ours has come on WhatsApp, and what to do when it has not. */
import { useState } from "react";
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from "lucide-react";
import { Button, Confirm } from "ui";
import type { Delivery, Extra, Message } from "wire";
import { useConversation, useInbox } from "../inbox/context.tsx";
import { openMenu } from "../inbox/menus.ts";
import { again } from "./acts.ts";
import { t } from "./words.ts";
import { windowState } from "./window.ts";
import thread from "../inbox/thread.module.css";
import css from "./talk.module.css";

const icons = { queued: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert };

/** Words beside the sign, as everywhere in the inbox: two ticks mean nothing to somebody who never used WhatsApp. */
export function Reached({ state }: { state: Delivery }) {
  const Icon = icons[state];
  if (state === "failed") return null;
  return (
    <span className={thread["delivery"]} data-state={state}>
      <Icon size={state === "queued" ? 12 : 13} aria-hidden />
      {t(state)}
    </span>
  );
}

type Props = { message: Message; failure: NonNullable<Extra["failure"]> };

/** Why it was not sent, what can be done, and the button for it. */
export function NotSent({ message, failure }: Props) {
  const inbox = useInbox();
  const conversation = useConversation(message.conversation_id);
  const shut = windowState(conversation?.window ?? null, Date.now()).kind === "shut";
  const Icon = failure.unknown ? CircleHelp : CircleAlert;
  return (
    <div className={css["failure"]} data-unknown={failure.unknown || undefined} role="alert">
      <Icon size={15} aria-hidden />
      <span className={css["failureWords"]}>
        <strong>{t(failure.unknown ? "unknown" : "failed")}</strong>
        <span>{failure.text}</span>
        {failure.next && <span>{failure.next}</span>}
        {failure.code !== null && <span className={css["fine"]}>{t("metaCode", { code: String(failure.code) })}</span>}
        {inbox.mayWrite && (
          <span className={css["failureActs"]}>
            {shut && message.extra?.content?.type !== "template" ? (
              <Button size="s" onClick={() => openMenu("templates")}>{t("chooseTemplate")}</Button>
            ) : (
              <SendAgain message={message} unknown={failure.unknown} />
            )}
          </span>
        )}
      </span>
    </div>
  );
}

function SendAgain({ message, unknown }: { message: Message; unknown: boolean }) {
  const inbox = useInbox();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = () => {
    setBusy(true);
    void again(inbox, message)
      .then(() => setAsking(false))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button size="s" busy={busy && !asking} onClick={unknown ? () => setAsking(true) : send}>{t("sendAgain")}</Button>
      <Confirm open={asking} onClose={() => setAsking(false)} title={t("sendAgainTitle")} text={t("sendAgainText")} action={t("sendTwice")} busy={busy} onConfirm={send} />
    </>
  );
}
