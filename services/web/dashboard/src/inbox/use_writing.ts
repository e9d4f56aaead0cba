/** A draft from its first letter to its sending: words and files of a reply, and apart from them those of a note. */
import { useEffect, useState, type RefObject } from "react";
import type { Conversation, Upload } from "wire";
import { isStuck } from "../files/tray.tsx";
import type { Draft, Mode } from "./drafts.ts";
import { useInbox } from "./context.tsx";
import { useFocusRequest } from "./focus.ts";

const LIMIT = 10_000;

export interface Writing {
  draft: Draft;
  text: string;
  /** Letters beyond what a message holds. */
  over: number;
  ready: boolean;
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

export function useWriting({ conversation: { id }, mode, onMode, area, uploads }: Needs): Writing {
  const inbox = useInbox();
  const [draft, setDraft] = useState<Draft>(() => inbox.draft(id));
  const text = draft[mode];
  const over = [...text].length - LIMIT;
  const ready = (text.trim() !== "" || uploads.length > 0) && over <= 0 && !uploads.some(isStuck);

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
    inbox.send({ conversation_id: id, body: text.trim(), visibility: mode === "note" ? "note" : "public", ...(files.length && { files }) });
    keep({ ...draft, [mode]: "", mode: "reply" });
    area.current?.focus();
  };

  useFocusRequest(switchTo);
  useEffect(() => () => inbox.signals.stoppedTyping(), [inbox]);
  return { draft, text, over, ready, write, switchTo, send };
}
