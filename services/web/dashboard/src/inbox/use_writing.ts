/** A draft from its first letter to its sending: words and files of a reply, and apart from them those of a note. */
import { useEffect, useState, type RefObject } from "react";
import type { Conversation, Upload } from "wire";
import { isStuck } from "../files/tray.tsx";
import { useFocusRequest } from "./focus.ts";
import { useAnswerRequest } from "../whatsapp_talk/answering.ts";
import { mostLetters, needsWords } from "../whatsapp_talk/limits.ts";
import type { Insert } from "../whatsapp_talk/insert.ts";
import type { Draft, Mode } from "./drafts.ts";
import { useInbox } from "./context.tsx";

const LIMIT = 10_000;

export interface Writing {
  draft: Draft;
  text: string;
  /** How many letters a message may have. */
  most: number;
  /** Letters beyond that. */
  over: number;
  ready: boolean;
  insert(insert: Insert | null): void;
  answerNothing(): void;
  write(text: string): void;
  switchTo(mode: Mode): void;
  send(): void;
}

interface Needs {
  conversation: Conversation;
  mode: Mode;
  onMode: (mode: Mode) => void;
  area: RefObject<HTMLTextAreaElement | null>;
  uploads: readonly Upload[];
}

export function useWriting({ conversation: { id, channel }, mode, onMode, area, uploads }: Needs): Writing {
  const inbox = useInbox();
  const [draft, setDraft] = useState<Draft>(() => inbox.draft(id));
  const text = draft[mode];
  const insert = mode === "reply" ? (draft.insert ?? null) : null;
  const most = channel && mode === "reply" ? mostLetters(uploads.length, insert) : LIMIT;
  const over = [...text].length - most;
  const something = insert ? !needsWords(insert) || text.trim() !== "" : text.trim() !== "" || uploads.length > 0;
  const ready = something && over <= 0 && !uploads.some(isStuck) && !(insert && uploads.length > 0);

  const keep = (next: Draft) => {
    setDraft(next);
    inbox.keepDraft(id, next);
    if (next.mode !== mode) onMode(next.mode);
  };
  const write = (value: string) => {
    keep({ ...draft, mode, [mode]: value });
    if (mode === "note" || value === "") inbox.signals.stoppedTyping();
    else inbox.signals.typing(id);
  };
  const switchTo = (next: Mode) => {
    keep({ ...draft, mode: next });
    if (next === "note") inbox.signals.stoppedTyping();
    area.current?.focus();
  };
  const send = () => {
    if (!ready) return;
    inbox.signals.stoppedTyping();
    const files = inbox.trays.take({ conversation: id, mode });
    const { answers, insert, ...words } = draft;
    const riders = mode === "note" ? {} : { ...(answers && { answers }), ...(insert && { content: insert }) };
    const visibility = mode === "note" ? "note" : "public";
    inbox.send({ conversation_id: id, body: text.trim(), visibility, ...riders, ...(files.length && { files }) });
    // What rides on the reply stays with it while a note is sent.
    keep({ ...(mode === "note" ? draft : words), [mode]: "", mode: "reply" });
    area.current?.focus();
  };

  useFocusRequest(switchTo);
  useAnswerRequest((answers) => {
    keep({ ...draft, mode: "reply", answers });
    area.current?.focus();
  });
  useEffect(() => () => inbox.signals.stoppedTyping(), [inbox]);
  return {
    draft,
    text,
    most,
    over,
    ready,
    write,
    switchTo,
    send,
    insert(next) {
      const { insert: _, ...rest } = draft;
      keep(next ? { ...rest, insert: next } : rest);
      area.current?.focus();
    },
    answerNothing() {
      const { answers: _, ...rest } = draft;
      keep(rest);
      area.current?.focus();
    },
  };
}
