/** What can be done with a file anywhere on the screen: look, fetch, delete. The dialogs for it exist once. */
import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from "react";
import { useMutation } from "@tanstack/react-query";
import { Confirm, say, sentence } from "ui";
import { useInbox } from "../inbox/context.tsx";
import { removeFile } from "./api.ts";
import { shownName, type SentFile } from "./kinds.ts";
import { t } from "./words.ts";

const Lightbox = lazy(() => import("./lightbox.tsx"));

export interface Shown {
  file: SentFile;
  by: string;
  at: string;
  seq: number;
}

export interface FileActs {
  /** Opens the pictures at this one. */
  look(pictures: readonly Shown[], id: string): void;
  download(file: SentFile): void;
  askDelete(file: SentFile): void;
  mayDelete: boolean;
}

const Acts = createContext<FileActs | null>(null);

export function useFileActs(): FileActs {
  const acts = useContext(Acts);
  if (!acts) throw new Error("Files are shown inside their stage.");
  return acts;
}

type Looking = { pictures: readonly Shown[]; id: string };

export function FileStage({ conversation, children, onJump }: { conversation: string | null; children: ReactNode; onJump: (seq: number) => void }) {
  const inbox = useInbox();
  const [looking, setLooking] = useState<Looking | null>(null);
  const [doomed, setDoomed] = useState<SentFile | null>(null);
  const acts = useMemo<FileActs>(
    () => ({
      look: (pictures, id) => setLooking({ pictures, id }),
      download: (file) => void inbox.links.download(file).catch((error: unknown) => complain(file, error)),
      askDelete: setDoomed,
      mayDelete: inbox.maySupervise,
    }),
    [inbox],
  );
  return (
    <Acts value={acts}>
      {children}
      {looking && (
        <Suspense fallback={null}>
          <Lightbox
            key={conversation}
            {...looking}
            onClose={() => setLooking(null)}
            onJump={(seq) => {
              setLooking(null);
              onJump(seq);
            }}
          />
        </Suspense>
      )}
      <DeleteFile file={doomed} onClose={() => setDoomed(null)} onDeleted={() => setLooking(null)} />
    </Acts>
  );
}

const complain = (file: SentFile, error: unknown) => say(t("downloadFailed", { name: shownName(file.name), reason: sentence(error) }), { tone: "bad" });

function DeleteFile({ file, onClose, onDeleted }: { file: SentFile | null; onClose: () => void; onDeleted: () => void }) {
  const remove = useMutation({
    mutationFn: (id: string) => removeFile(id),
    onSuccess: () => {
      onClose();
      onDeleted();
      say(t("deleted"));
    },
  });
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Confirm
      open={file !== null}
      onClose={close}
      title={t("deleteTitle")}
      text={file ? t("deleteText", { name: shownName(file.name) }) : ""}
      action={t("delete")}
      busy={remove.isPending}
      error={remove.error ? sentence(remove.error) : null}
      onConfirm={() => file && remove.mutate(file.id)}
    />
  );
}
