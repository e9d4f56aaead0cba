import { useEffect, useRef, useState } from "react";
import { Clock, LayoutTemplate, TimerOff } from "lucide-react";
import { Button, Tip, useNow } from "ui";
import type { Conversation } from "wire";
import { useFocusRequest } from "../inbox/focus.ts";
import { openMenu } from "../inbox/menus.ts";
import { t } from "./words.ts";
import { freeText, leftText, shutText, windowState, type WindowState } from "./window.ts";
import css from "./compose.module.css";

type Open = Extract<WindowState, { kind: "open" }>;
const MOST = 2_000_000_000;

/** Goes on by itself: the shared clock ticks, and at its very end a timer of its own. */
export function useWindow({ window }: Conversation): WindowState {
  const now = useNow();
  const [, again] = useState(0);
  const state = windowState(window, Math.max(now, Date.now()));
  const left = state.kind === "open" ? state.left : null;
  useEffect(() => {
    if (left === null) return;
    const timer = setTimeout(() => again((n) => n + 1), Math.min(left + 50, MOST));
    return () => clearTimeout(timer);
  }, [window?.open_until, left !== null]);
  return state;
}

export function WindowLeft({ window: { left, tone }, conversation }: { window: Open; conversation: Conversation }) {
  const now = useNow();
  const free = freeText(conversation.window, now);
  return (
    <Tip text={free ? `${t("windowHint")} ${free}.` : t("windowHint")} side="top">
      <span className={css["left"]} data-tone={tone} tabIndex={0}>
        <Clock size={12} aria-hidden />
        <span>{t("windowOpen", { left: leftText(left) })}</span>
        {free && <span className={css["free"]}>{free}</span>}
      </span>
    </Tip>
  );
}

type ShutProps = { why: "never" | "passed" | "refused"; conversation: Conversation; draft: string };

/** In place of the box to write in: why not, and what can be sent. */
export function Shut({ why, conversation, draft }: ShutProps) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusRequest((mode) => mode === "reply" && requestAnimationFrame(() => button.current?.focus()));
  return (
    <div className={css["shut"]} role="status">
      <span className={css["shutIcon"]} aria-hidden>
        <TimerOff size={18} />
      </span>
      <div className={css["shutWords"]}>
        <strong>{t("shut")}</strong>
        <p>{conversation.window && shutText(conversation.window, why)}</p>
        {draft.trim() && (
          <p className={css["kept"]}>
            {t("shutKept")} <q>{draft.trim()}</q>
          </p>
        )}
      </div>
      <Button tone="primary" className={css["shutButton"] ?? ""} icon={<LayoutTemplate size={15} aria-hidden />} ref={button} onClick={() => openMenu("templates")}>
        {t("chooseTemplate")}
      </Button>
    </div>
  );
}
