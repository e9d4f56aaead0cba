/** Where the visitor writes: grows with the words, sends on Enter, counts near the limit. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";

const LIMIT = 10_000;
const COUNT_FROM = 9_000;
const IDLE_MS = 5_000;

/** Words not sent yet. They outlive the field: whoever types while the panel is still settling must not lose them. */
let unsent = "";

export interface ComposerProps {
  /** Changes when the panel opens: then the words go here. */
  focusOn: number;
  onSend(body: string): void;
  onTyping(isTyping: boolean): void;
}

export function Composer({ focusOn, onSend, onTyping }: ComposerProps) {
  const [text, setText] = useState(unsent);
  const area = useRef<HTMLTextAreaElement>(null);
  const idle = useRef(0);
  const length = lengthOf(text);
  const isTooLong = length > LIMIT;
  const canSend = isSendable(text);

  useEffect(() => {
    if (focusOn) area.current?.focus({ preventScroll: true });
  }, [focusOn]);
  useLayoutEffect(() => grow(area.current!), [text]);
  useEffect(() => () => clearTimeout(idle.current), []);

  function wrote(next: string) {
    unsent = next;
    setText(next);
    clearTimeout(idle.current);
    onTyping(next.trim() !== "");
    idle.current = window.setTimeout(() => onTyping(false), IDLE_MS);
  }

  function send() {
    // What stands there now: a quick Enter comes before the last letter has been drawn.
    const words = area.current!.value;
    if (!isSendable(words)) return;
    clearTimeout(idle.current);
    onSend(words.trim());
    unsent = area.current!.value = "";
    setText("");
    area.current?.focus();
  }

  function pressed(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class={`field ${isTooLong ? "wrong" : ""}`}>
        <textarea
          ref={area}
          rows={1}
          value={text}
          dir={text ? "auto" : undefined}
          placeholder={t("placeholder")}
          aria-label={t("message")}
          aria-invalid={isTooLong}
          aria-describedby={length > COUNT_FROM ? "count" : undefined}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => wrote(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button class="send" type="submit" aria-label={t("send")} aria-disabled={!canSend}>
          <Icon name="send" size={20} width={2.2} />
        </button>
      </div>
      {length > COUNT_FROM && (
        <span id="count" class="count" role="status">
          {isTooLong ? t("too_long", { n: length - LIMIT }) : t("left", { n: LIMIT - length })}
        </span>
      )}
    </form>
  );
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isSendable(text: string): boolean {
  return text.trim() !== "" && lengthOf(text) <= LIMIT;
}

function grow(area: HTMLTextAreaElement) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
