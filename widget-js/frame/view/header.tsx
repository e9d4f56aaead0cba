/** Who one talks with, whether somebody is there, and the few things to do beside writing. */

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";

export interface HeaderProps {
  title: string;
  line: string;
  isTeamOnline: boolean;
  canClose: boolean;
  isMuted: boolean;
  hasPast: boolean;
  canBegin: boolean;
  /** Where "back" leads, on the screens that are not the chat. */
  onBack: (() => void) | null;
  onClose(): void;
  onPast(): void;
  onMute(isMuted: boolean): void;
  onAnew(): void;
}

export function Header(props: HeaderProps) {
  return (
    <header class="header">
      {props.onBack && (
        <button class="tool" onClick={props.onBack} aria-label={t("back")}>
          <Icon name="back" />
        </button>
      )}
      <div class="titles">
        <h1 id="title">
          <bdi>{props.title}</bdi>
        </h1>
        {!props.onBack && (
          <p>
            <i class={`dot ${props.isTeamOnline ? "on" : ""}`} />
            <span>
              <bdi>{props.line}</bdi>
            </span>
          </p>
        )}
      </div>
      {!props.onBack && <Menu {...props} />}
      {props.canClose && (
        <button class="tool" onClick={props.onClose} aria-label={t("close")}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

function Menu({ isMuted, hasPast, canBegin, onPast, onMute, onAnew }: HeaderProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: PointerEvent) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const done = (run: () => void) => () => {
    setOpen(false);
    opener.current?.focus();
    run();
  };

  function pressed(event: KeyboardEvent) {
    if (!isOpen) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      return done(() => {})();
    }
    if (!step) return;
    event.preventDefault();
    const items = [...box.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  }

  return (
    <div class="menu" ref={box} onKeyDown={pressed}>
      <button class="tool" ref={opener} aria-label={t("menu")} aria-haspopup="menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="more" width={3} />
      </button>
      {isOpen && (
        <div class="list" role="menu" aria-label={t("menu")}>
          {hasPast && (
            <button role="menuitem" onClick={done(onPast)}>
              <Icon name="list" size={18} />
              {t("past")}
            </button>
          )}
          {canBegin && (
            <button role="menuitem" onClick={done(onAnew)}>
              <Icon name="plus" size={18} />
              {t("new_conversation")}
            </button>
          )}
          <button role="menuitem" onClick={done(() => onMute(!isMuted))}>
            <Icon name={isMuted ? "sound" : "mute"} size={18} />
            {t(isMuted ? "sound_on" : "sound_off")}
          </button>
        </div>
      )}
    </div>
  );
}
