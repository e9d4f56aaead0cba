import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { Archive, Eye, Lock, MessageSquareReply, SendHorizontal } from "lucide-react";
import type { Conversation } from "wire";
import { Banner, Button } from "ui";
import type { Draft, Mode } from "./drafts.ts";
import { contactName, useInbox } from "./context.tsx";
import { useFocusRequest } from "./focus.ts";
import { Answered, TypingLine } from "./composer_lines.tsx";
import { t } from "./words.ts";
import css from "./composer.module.css";

const LIMIT = 10_000;

export function Composer({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  if (!inbox.mayWrite) return <Closed icon={<Eye size={15} aria-hidden />} text={t("viewerComposer")} />;
  if (conversation.status === "archived")
    return (
      <Closed
        icon={<Archive size={15} aria-hidden />}
        text={t("archivedComposer")}
        action={<Button size="s" onClick={() => void inbox.actions.setStatus(conversation.id, "open")}>{t("reopen")}</Button>}
      />
    );
  return <Writing conversation={conversation} />;
}

function Closed({ icon, text, action }: { icon: ReactNode; text: string; action?: ReactNode }) {
  return (
    <footer className={css["closed"]}>
      <Banner icon={icon} action={action}>{text}</Banner>
    </footer>
  );
}

function Writing({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  const { id } = conversation;
  const [draft, setDraft] = useState<Draft>(() => inbox.draft(id));
  const area = useRef<HTMLTextAreaElement>(null);
  const text = draft[draft.mode];
  const over = [...text].length - LIMIT;
  const note = draft.mode === "note";

  const keep = (next: Draft) => {
    setDraft(next);
    inbox.keepDraft(id, next);
  };
  const write = (value: string) => {
    keep({ ...draft, [draft.mode]: value });
    if (note || value === "") inbox.signals.stoppedTyping();
    else inbox.signals.typing(id);
  };
  const switchTo = (mode: Mode) => {
    keep({ ...draft, mode });
    if (mode === "note") inbox.signals.stoppedTyping();
    area.current?.focus();
  };
  const send = () => {
    if (text.trim() === "" || over > 0) return;
    inbox.signals.stoppedTyping();
    inbox.send({ conversation_id: id, body: text.trim(), visibility: note ? "note" : "public" });
    keep({ ...draft, [draft.mode]: "", mode: "reply" });
    area.current?.focus();
  };

  useFocusRequest((mode) => switchTo(mode));
  useEffect(() => () => inbox.signals.stoppedTyping(), [inbox]);
  useGrowing(area, text);

  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") return area.current?.blur();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send();
  };

  return (
    <footer className={css["composer"]} data-mode={draft.mode}>
      <TypingLine id={id} />
      <Answered conversation={conversation} writing={draft.reply.trim() !== ""} />
      <div className={css["box"]}>
        <ModeTabs mode={draft.mode} onChange={switchTo} />
        <textarea
          ref={area}
          className={css["area"]}
          value={text}
          rows={1}
          aria-label={note ? t("noteMode") : t("replyPlaceholder", { name: contactName(conversation.contact) })}
          placeholder={note ? t("notePlaceholder") : t("replyPlaceholder", { name: contactName(conversation.contact) })}
          onChange={(event) => write(event.target.value)}
          onKeyDown={pressed}
        />
        <div className={css["foot"]}>
          <span className={css["hint"]} data-over={over > 0 || undefined} aria-live="polite">
            {over > 0 ? t("tooLong", { n: over }) : over > -500 ? t("left", { n: -over }) : t("sendHint")}
          </span>
          <Button
            tone="primary"
            size="s"
            disabled={text.trim() === "" || over > 0}
            icon={note ? <Lock size={13} aria-hidden /> : <SendHorizontal size={13} aria-hidden />}
            onClick={send}
          >
            {note ? t("addNote") : t("send")}
          </Button>
        </div>
      </div>
    </footer>
  );
}

function ModeTabs({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  const tab = (value: Mode, label: string, icon: ReactNode) => (
    <button type="button" className={css["tab"]} aria-pressed={mode === value} onClick={() => onChange(value)}>
      {icon}
      {label}
    </button>
  );
  return (
    <div className={css["tabs"]}>
      {tab("reply", t("replyMode"), <MessageSquareReply size={13} aria-hidden />)}
      {tab("note", t("noteMode"), <Lock size={13} aria-hidden />)}
    </div>
  );
}

const growsByItself = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

/** As tall as its words, up to a third of the window; by script only where the browser cannot do it alone. */
function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string) {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element || growsByItself) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, Math.max(120, window.innerHeight * 0.34))}px`;
  }, [area, text]);
}

