import { useEffect, useRef, useState, type DragEvent, type ReactNode } from "react";
import { Upload } from "lucide-react";
import type { Mode } from "../inbox/drafts.ts";
import { carriesFiles, dropped, type Chosen } from "./chosen.ts";
import { rulesText, useRules } from "./use_rules.ts";
import { t } from "./words.ts";
import css from "./tray.module.css";

type Props = { mode: Mode; name: string; off: boolean; onDrop: (chosen: Chosen) => void; children: ReactNode };

/** The whole talk takes what is dropped on it, and says where it will go before it is let go. */
export function DropZone({ mode, name, off, onDrop, children }: Props) {
  const { over, handlers } = useDropping(off, onDrop);
  const rules = useRules();
  useNoAccidents();
  return (
    <div className={css["zone"]} {...handlers}>
      {children}
      {over && (
        <div className={css["target"]} data-mode={mode} role="status">
          <Upload size={26} aria-hidden />
          <strong>{t("dropTitle")}</strong>
          <span>{t(mode === "note" ? "dropNote" : "dropReply", { name })}</span>
          {rules && <span>{rulesText(rules)}</span>}
        </div>
      )}
    </div>
  );
}

/** Moving from one element to another inside leaves and enters: only the last leaving counts. */
function useDropping(off: boolean, onDrop: (chosen: Chosen) => void) {
  const inside = useRef(0);
  const [over, setOver] = useState(false);
  const mine = (event: DragEvent) => !off && carriesFiles(event.dataTransfer);
  const enter = (event: DragEvent) => {
    if (!mine(event)) return;
    inside.current++;
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!mine(event)) return;
    inside.current = Math.max(0, inside.current - 1);
    if (inside.current === 0) setOver(false);
  };
  const hover = (event: DragEvent) => {
    if (!mine(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  };
  const drop = (event: DragEvent) => {
    if (!mine(event)) return;
    event.preventDefault();
    inside.current = 0;
    setOver(false);
    onDrop(dropped(event.dataTransfer));
  };
  return { over, handlers: { onDragEnter: enter, onDragLeave: leave, onDragOver: hover, onDrop: drop } };
}

/** A file let go beside the target would open in place of the dashboard, and the words typed here with it. */
function useNoAccidents() {
  useEffect(() => {
    const stop = (event: globalThis.DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      if (event.type === "dragover" && !event.defaultPrevented && event.dataTransfer) event.dataTransfer.dropEffect = "none";
      event.preventDefault();
    };
    window.addEventListener("dragover", stop);
    window.addEventListener("drop", stop);
    return () => {
      window.removeEventListener("dragover", stop);
      window.removeEventListener("drop", stop);
    };
  }, []);
}
