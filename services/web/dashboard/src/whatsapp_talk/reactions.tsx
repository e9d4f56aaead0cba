import { useState } from "react";
import { Popover } from "@base-ui/react/popover";
import { Reply, SmilePlus } from "lucide-react";
import { Button, IconButton, Input } from "ui";
import type { Conversation, Message } from "wire";
import { contactName, useConversation, useInbox } from "../inbox/context.tsx";
import { sign } from "./acts.ts";
import { requestAnswer } from "./answering.ts";
import { useAuthorName } from "./quote.tsx";
import { common, oneEmoji } from "./signs.ts";
import { briefOf } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

/** Signs people put under a message; our own is taken back with a press. */
export function Reactions({ message }: { message: Message }) {
  const inbox = useInbox();
  const conversation = useConversation(message.conversation_id);
  const found = message.extra?.reactions ?? [];
  if (found.length === 0) return null;
  return (
    <span className={css["reactions"]}>
      {found.map(({ side, emoji }) =>
        side === "agent" && inbox.mayWrite ? (
          <button key={side} type="button" className={css["reaction"]} data-own aria-label={t("reactedYou", { sign: emoji })} title={t("takeBack", { sign: emoji })} onClick={() => void sign(inbox, message, null)}>
            {emoji}
          </button>
        ) : (
          <span key={side} className={css["reaction"]} role="img" aria-label={who(side, emoji, conversation)} title={who(side, emoji, conversation)}>
            {emoji}
          </span>
        ),
      )}
    </span>
  );
}

function who(side: string, sign: string, conversation: Conversation | undefined): string {
  if (side === "agent") return t("reactedUs", { sign });
  return t("reactedThey", { name: conversation ? contactName(conversation.contact) : "", sign });
}

/** React and reply, beside the message the pointer or the keyboard is at. */
export function ActsBar({ message }: { message: Message }) {
  const authorName = useAuthorName();
  const answer = () => requestAnswer({ id: message.id, name: authorName(message), brief: briefOf(message) });
  return (
    <span className={css["acts"]} role="group" aria-label={t("acts")}>
      <ReactButton message={message} onReply={answer} />
      <IconButton label={t("reply")} onClick={answer}>
        <Reply size={15} aria-hidden />
      </IconButton>
    </span>
  );
}

function ReactButton({ message, onReply }: { message: Message; onReply: () => void }) {
  const inbox = useInbox();
  const [open, setOpen] = useState(false);
  const own = message.extra?.reactions.find((one) => one.side === "agent")?.emoji ?? null;
  const choose = (emoji: string) => {
    setOpen(false);
    void sign(inbox, message, emoji === own ? null : emoji);
  };
  return (
    <Popover.Root open={open} onOpenChange={(next: boolean) => setOpen(next)}>
      <Popover.Trigger className={css["actsButton"]} aria-label={t("react")} title={t("react")}>
        <SmilePlus size={15} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className={css["layer"]}>
          <Popover.Popup className={css["picker"]} aria-label={t("pick")}>
            <Signs own={own} onChoose={choose} />
            {/* Under a finger there is room for one button beside a message: both acts are behind it. */}
            <span className={css["replyHere"]}>
              <Button
                icon={<Reply size={15} aria-hidden />}
                onClick={() => {
                  setOpen(false);
                  onReply();
                }}
              >
                {t("reply")}
              </Button>
            </span>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Signs({ own, onChoose }: { own: string | null; onChoose: (emoji: string) => void }) {
  const [typed, setTyped] = useState("");
  const [bad, setBad] = useState(false);
  const put = () => {
    const emoji = oneEmoji(typed);
    if (emoji) onChoose(emoji);
    else setBad(true);
  };
  return (
    <>
      <div className={css["signs"]} role="group" aria-label={t("pick")}>
        {common.map((emoji) => (
          <button key={emoji} type="button" aria-pressed={emoji === own} aria-label={t(`sign.${emoji}`)} title={t(`sign.${emoji}`)} onClick={() => onChoose(emoji)}>
            {emoji}
          </button>
        ))}
      </div>
      <form
        className={css["freeSign"]}
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
      >
        <Input
          value={typed}
          aria-label={t("other")}
          placeholder={t("otherHint")}
          aria-invalid={bad || undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            setBad(false);
          }}
        />
        <Button size="s" type="submit">{t("put")}</Button>
      </form>
      {bad && <p className={css["signBad"]} role="alert">{t("otherBad")}</p>}
    </>
  );
}
