import { useLayoutEffect, useRef, type ClipboardEvent, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { Archive, Eye, Lock, MessageSquareReply, Paperclip } from "lucide-react";
import type { Conversation } from "wire";
import { Banner, Button, Count } from "ui";
import { pasted } from "../files/chosen.ts";
import { Refused } from "../files/refused.tsx";
import { Tray, useTray } from "../files/tray.tsx";
import type { Attaching } from "../files/use_attaching.ts";
import { Riders } from "../whatsapp_talk/riders.tsx";
import { TemplatesHere } from "../whatsapp_talk/templates_here.tsx";
import { Shut, useWindow, WindowLeft } from "../whatsapp_talk/window_lines.tsx";
import { openMenu } from "./menus.ts";
import { contactName, useInbox } from "./context.tsx";
import { ComposerFoot } from "./composer_foot.tsx";
import { Answered, TypingLine } from "./composer_lines.tsx";
import { useWriting } from "./use_writing.ts";
import type { Mode } from "./drafts.ts";
import { t } from "./words.ts";
import css from "./composer.module.css";

type Props = { conversation: Conversation; mode: Mode; onMode: (mode: Mode) => void; attaching: Attaching };

export function Composer(props: Props) {
  const inbox = useInbox();
  const { conversation } = props;
  if (!inbox.mayWrite) return <Closed icon={<Eye size={15} aria-hidden />} text={t("viewerComposer")} />;
  if (conversation.status === "archived")
    return (
      <Closed
        icon={<Archive size={15} aria-hidden />}
        text={t("archivedComposer")}
        action={<Button size="s" onClick={() => void inbox.actions.setStatus(conversation.id, "open")}>{t("reopen")}</Button>}
      />
    );
  return <Writing {...props} />;
}

function Closed({ icon, text, action }: { icon: ReactNode; text: string; action?: ReactNode }) {
  return (
    <footer className={css["closed"]}>
      <Banner icon={icon} action={action}>{text}</Banner>
    </footer>
  );
}

function Writing({ conversation, mode, onMode, attaching }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const place = { conversation: conversation.id, mode };
  const uploads = useTray(place);
  const writing = useWriting({ conversation, mode, onMode, area, uploads });
  const note = mode === "note";
  const channel = conversation.channel !== null;
  const window = useWindow(conversation);
  const label = note ? t("noteMode") : t("replyPlaceholder", { name: contactName(conversation.contact) });
  useGrowing(area, writing.text);

  const keyed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") return area.current?.blur();
    if (event.key === "/" && channel && !note && writing.text === "") {
      event.preventDefault();
      return openMenu("templates");
    }
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    attaching.dismiss();
    writing.send();
  };
  const put = (event: ClipboardEvent) => {
    const files = pasted(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    attaching.add({ files, folders: [] });
  };

  return (
    <footer className={css["composer"]} data-mode={mode}>
      <TypingLine id={conversation.id} />
      <Answered conversation={conversation} writing={writing.draft.reply.trim() !== ""} />
      <div className={css["box"]}>
        <div className={css["top"]}>
          <ModeTabs conversation={conversation.id} mode={mode} onChange={writing.switchTo} />
          {!note && window.kind === "open" && <WindowLeft window={window} conversation={conversation} />}
        </div>
        {!note && window.kind === "shut" ? (
          <Shut why={window.why} conversation={conversation} draft={writing.draft.reply} />
        ) : (
        <>
        <Refused texts={attaching.refused} onDismiss={attaching.dismiss} />
        {!note && <Riders writing={writing} files={uploads.length > 0} />}
        <textarea
          ref={area}
          className={css["area"]}
          value={writing.text}
          rows={1}
          aria-label={label}
          placeholder={note ? t("notePlaceholder") : label}
          onChange={(event) => writing.write(event.target.value)}
          onKeyDown={keyed}
          onPaste={put}
        />
        <Tray place={place} uploads={uploads} />
        <ComposerFoot writing={writing} attaching={attaching} uploads={uploads} note={note} channel={channel} />
        </>
        )}
      </div>
      {channel && <TemplatesHere conversation={conversation} />}
    </footer>
  );
}

function ModeTabs({ conversation, mode, onChange }: { conversation: string; mode: Mode; onChange: (mode: Mode) => void }) {
  const tab = (value: Mode, label: string, icon: ReactNode) => (
    <button type="button" className={css["tab"]} aria-pressed={mode === value} onClick={() => onChange(value)}>
      {icon}
      {label}
      {mode !== value && <Held conversation={conversation} mode={value} />}
    </button>
  );
  return (
    <div className={css["tabs"]}>
      {tab("reply", t("replyMode"), <MessageSquareReply size={13} aria-hidden />)}
      {tab("note", t("noteMode"), <Lock size={13} aria-hidden />)}
    </div>
  );
}

/** Files behind the other tab are not forgotten. */
function Held({ conversation, mode }: { conversation: string; mode: Mode }) {
  const { length: n } = useTray({ conversation, mode });
  if (n === 0) return null;
  return (
    <span className={css["held"]}>
      <Paperclip size={11} aria-hidden />
      <Count n={n} label={t("trayN", { n })} />
    </span>
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
