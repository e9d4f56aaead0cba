/** Where the visitor writes: grows with the words, takes files beside them, sends on Enter. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { FileRules } from "../../wire/types";
import type { Upload } from "../../wire/upload";
import type { FileRefusal } from "../../wire/file_rules";
import type { FilePart } from "../files";
import { t } from "../i18n";
import { AttachButton, filesPasted, type Attach } from "./attach";
import { Icon } from "./icons";

const LIMIT = 10_000;
const COUNT_FROM = 9_000;
const IDLE_MS = 5_000;

/** Words not sent yet. They outlive the field: whoever types while the panel is still settling must not lose them. */
let unsent = "";

export interface ComposerProps {
  /** Changes when the panel opens: then the words go here. */
  focusOn: number;
  files: ComposerFiles;
  onSend(body: string): void;
  onTyping(isTyping: boolean): void;
}

export interface ComposerFiles {
  chat: Attach;
  part: FilePart | null;
  isFetching: boolean;
  /** Null until it is known what may be attached. */
  rules: FileRules | null;
  isOn: boolean;
  uploads: readonly Upload[];
  refusals: readonly FileRefusal[];
}

export function Composer({ focusOn, files, onSend, onTyping }: ComposerProps) {
  const words = useWords(onTyping);
  const { area } = words;
  const { part } = files;
  const hasFiles = files.uploads.some((one) => one.state !== "refused");
  const length = lengthOf(words.text);
  const focus = () => area.current?.focus({ preventScroll: true });

  useEffect(() => {
    if (focusOn) focus();
  }, [focusOn]);
  usePaste(files, focus);

  function send(event?: Event) {
    event?.preventDefault();
    // What stands there now: a quick Enter comes before the last letter has been drawn.
    const body = area.current!.value;
    if (!isSendable(body, hasFiles)) return;
    onSend(body.trim());
    words.clear();
    focus();
  }

  function pressed(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    send(event);
  }

  return (
    <form class="composer" onSubmit={send}>
      {part && <part.Chips uploads={files.uploads} refusals={files.refusals} tools={part.tools} onGone={focus} />}
      <div class={`field ${length > LIMIT ? "wrong" : ""}`}>
        {files.isOn && <AttachButton rules={files.rules} isBusy={files.isFetching} chat={files.chat} onPicked={focus} />}
        <textarea
          ref={area}
          rows={1}
          value={words.text}
          dir={words.text ? "auto" : undefined}
          placeholder={t("placeholder")}
          aria-label={t("message")}
          aria-invalid={length > LIMIT}
          aria-describedby={length > COUNT_FROM ? "count" : undefined}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => words.wrote(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <button class="send" type="submit" aria-label={t("send")} aria-disabled={!isSendable(words.text, hasFiles)}>
          <Icon name="send" size={20} width={2.2} />
        </button>
      </div>
      {length > COUNT_FROM && <Count length={length} />}
    </form>
  );
}

function Count({ length }: { length: number }) {
  return (
    <span id="count" class="count" role="status">
      {length > LIMIT ? t("too_long", { n: length - LIMIT }) : t("left", { n: LIMIT - length })}
    </span>
  );
}

/** The words in the field, and the telling of others that somebody writes. */
function useWords(onTyping: (isTyping: boolean) => void) {
  const [text, setText] = useState(unsent);
  const area = useRef<HTMLTextAreaElement>(null);
  const idle = useRef(0);
  useLayoutEffect(() => grow(area.current!), [text]);
  useEffect(() => () => clearTimeout(idle.current), []);

  function wrote(next: string) {
    unsent = next;
    setText(next);
    clearTimeout(idle.current);
    onTyping(next.trim() !== "");
    idle.current = window.setTimeout(() => onTyping(false), IDLE_MS);
  }

  function clear() {
    clearTimeout(idle.current);
    unsent = area.current!.value = "";
    setText("");
  }

  return { text, area, wrote, clear };
}

/** Wherever the focus is: a picture pasted into the panel is meant for the message. */
function usePaste({ isOn, chat }: ComposerFiles, focus: () => void) {
  useEffect(() => {
    if (!isOn) return;
    const pasted = (event: ClipboardEvent) => {
      const files = filesPasted(event);
      if (!files.length) return;
      event.preventDefault();
      chat.attach(files);
      focus();
    };
    window.addEventListener("paste", pasted);
    return () => window.removeEventListener("paste", pasted);
  }, [isOn]);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isSendable(text: string, hasFiles: boolean): boolean {
  return (hasFiles || text.trim() !== "") && lengthOf(text) <= LIMIT;
}

function grow(area: HTMLTextAreaElement) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
