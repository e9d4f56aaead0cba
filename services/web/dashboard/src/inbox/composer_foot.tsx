import { useRef } from "react";
import { Lock, Paperclip, SendHorizontal } from "lucide-react";
import { acceptOf, type Upload } from "wire";
import { Button, IconButton } from "ui";
import { isStuck } from "../files/tray.tsx";
import type { Attaching } from "../files/use_attaching.ts";
import { rulesText } from "../files/use_rules.ts";
import { t as fileWords } from "../files/words.ts";
import { InsertMenu } from "../whatsapp_talk/insert_menu.tsx";
import { overText } from "../whatsapp_talk/limits.ts";
import { TemplateButton } from "../whatsapp_talk/templates_here.tsx";
import { capsOf } from "../keyboard/keys.ts";
import { useOpenMenu } from "./menus.ts";
import type { Writing } from "./use_writing.ts";
import { t } from "./words.ts";
import css from "./composer.module.css";

type Props = { writing: Writing; attaching: Attaching; uploads: readonly Upload[]; note: boolean; channel: boolean };

export function ComposerFoot({ writing, attaching, uploads, note, channel }: Props) {
  const { over } = writing;
  return (
    <div className={css["foot"]}>
      <span className={css["tools"]}>
        <Attach attaching={attaching} />
        {channel && !note && <InsertMenu onInsert={writing.insert} />}
        {channel && !note && <TemplateButton />}
      </span>
      <span className={css["hint"]} data-over={over > 0 || undefined} aria-live="polite">
        {over > 0 ? (channel && !note ? overText(over, writing.most) : t("tooLong", { n: over })) : over > -500 ? t("left", { n: -over }) : hintFor(uploads, attaching)}
      </span>
      <Button
        tone="primary"
        size="s"
        disabled={!writing.ready}
        icon={note ? <Lock size={13} aria-hidden /> : <SendHorizontal size={13} aria-hidden />}
        onClick={() => {
          attaching.dismiss();
          writing.send();
        }}
      >
        {note ? t("addNote") : t("send")}
      </Button>
    </div>
  );
}

/** With files in the tray the limits matter more than the keys. */
function hintFor(uploads: readonly Upload[], { rules }: Attaching): string {
  if (uploads.some(isStuck)) return t("stuckHint");
  if (uploads.some((one) => one.file === null)) return t("uploadHint");
  return uploads.length > 0 && rules ? rulesText(rules) : t("sendHint");
}

function Attach({ attaching }: { attaching: Attaching }) {
  const picker = useRef<HTMLInputElement>(null);
  const { rules } = attaching;
  const off = rules !== null && !rules.enabled;
  useOpenMenu("attach", () => !off && picker.current?.click());
  return (
    <>
      <IconButton
        label={off ? fileWords("attachOff") : fileWords("attach")}
        keys={capsOf("attach")}
        disabled={rules === null || off}
        aria-describedby="file-rules"
        onClick={() => picker.current?.click()}
      >
        <Paperclip size={16} aria-hidden />
      </IconButton>
      <span className="sr-only" id="file-rules">
        {rules && !off && rulesText(rules)}
      </span>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        accept={rules ? acceptOf(rules) : undefined}
        onChange={(event) => {
          attaching.add({ files: [...(event.target.files ?? [])], folders: [] });
          // The same file chosen again is a new choice.
          event.target.value = "";
        }}
      />
    </>
  );
}
