/** The file a template begins with: sent up at once, ready when it has been looked at. */
import { useEffect, useRef, useState } from "react";
import { kindOf, type File as SentFile, type Upload } from "wire";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { measure } from "../files/measure.ts";
import { fileProblem } from "./limits.ts";

export interface HeaderUpload {
  upload: Upload | null;
  file: SentFile | null;
  ready: boolean;
  picture: string | null;
  problem: string | null;
  choose(file: File): void;
  remove(): void;
}

export function useHeaderFile(conversation: string | null): HeaderUpload {
  const inbox = useInbox();
  const [chosen, setChosen] = useState<{ id: string; picture: string | null } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const upload = useInboxState((state) => state.uploads.find((one) => one.id === chosen?.id) ?? null);
  const latest = useRef(chosen);
  latest.current = chosen;

  function drop(one: typeof chosen) {
    if (!one) return;
    inbox.uploads.done(one.id);
    if (one.picture) URL.revokeObjectURL(one.picture);
  }
  useEffect(() => () => drop(latest.current), []);

  async function choose(file: File) {
    drop(chosen);
    setChosen(null);
    const fault = fileProblem(file);
    setProblem(fault);
    if (fault) return;
    const { url, width, height } = await measure(file, kindOf(file.name));
    const { id } = inbox.uploads.add({ name: file.name, bytes: file, conversation_id: conversation, width, height });
    setChosen({ id, picture: url });
  }

  const ready = upload?.state === "ready" || upload?.state === "checking";
  return {
    upload,
    file: ready ? (upload.file ?? null) : null,
    ready,
    picture: chosen?.picture ?? null,
    problem,
    choose: (file) => void choose(file),
    remove() {
      drop(chosen);
      setChosen(null);
    },
  };
}
