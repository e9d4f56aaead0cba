/** The ways in for files: the paperclip and its picker, a drop on the panel, a paste. */

import { useEffect, useRef, useState } from "preact/hooks";
import { acceptOf } from "../../wire/file_accept";
import type { FileRules } from "../../wire/types";
import type { Chat } from "../chat";
import { t } from "../i18n";
import { Icon } from "./icons";

export type Attach = Pick<Chat, "attach" | "warmFiles">;

export function AttachButton({ rules, isBusy, chat, onPicked }: { rules: FileRules | null; isBusy: boolean; chat: Attach; onPicked(): void }) {
  const picker = useRef<HTMLInputElement>(null);

  function picked(input: HTMLInputElement) {
    const files = [...(input.files ?? [])];
    // The same file again must be a change, too.
    input.value = "";
    chat.attach(files);
    onPicked();
  }

  return (
    <>
      <button class="clip" type="button" aria-label={t("attach")} title={t("attach")} disabled={!rules} aria-busy={isBusy} onPointerEnter={chat.warmFiles} onFocus={chat.warmFiles} onClick={() => picker.current!.click()}>
        <Icon name="clip" size={21} width={1.8} />
      </button>
      <input ref={picker} type="file" hidden multiple={(rules?.most ?? 1) > 1} accept={rules ? acceptOf(rules) : undefined} onChange={(event) => picked(event.currentTarget)} />
    </>
  );
}

/** Covers the panel while files are held over it. A drop must never lead the frame away, also where files are off. */
export function DropZone({ isOn, chat }: { isOn: boolean; chat: Attach }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const drag = dragOver(isOn, setOver, chat);
    for (const type of DRAGS) window.addEventListener(type, drag);
    return () => DRAGS.forEach((type) => window.removeEventListener(type, drag));
  }, [isOn]);
  if (!isOver) return null;
  return (
    <div class="drop" aria-hidden="true">
      <span>
        <Icon name="clip" size={28} width={1.8} />
        {t("drop")}
      </span>
    </div>
  );
}

const DRAGS = ["dragenter", "dragover", "dragleave", "drop"] as const;

function dragOver(isOn: boolean, show: (isOver: boolean) => void, chat: Attach) {
  // Every child is entered and left, too.
  let depth = 0;
  return (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isOn ? "copy" : "none";
    if (!isOn) return;
    if (event.type === "dragenter" && depth++ === 0) chat.warmFiles();
    if (event.type === "dragleave") depth--;
    if (event.type === "drop") depth = 0;
    show(depth > 0);
    if (event.type === "drop") chat.attach([...event.dataTransfer.files]);
  };
}

/** Pictures from the clipboard; words that bring a picture of themselves along, as from a spreadsheet, stay words. */
export function filesPasted({ clipboardData }: ClipboardEvent): globalThis.File[] {
  if (!clipboardData || clipboardData.types.includes("text/plain")) return [];
  return [...clipboardData.files];
}
