import { memo } from "react";
import type { Message } from "wire";
import { isInGrid } from "./kinds.ts";
import type { Shown } from "./acts.tsx";
import { Card } from "./card.tsx";
import { Pictures } from "./pictures.tsx";
import { Player } from "./player.tsx";
import css from "./files.module.css";

/** The files of one message: pictures side by side, everything else one below the other. */
export const MessageFiles = memo(function MessageFiles({ message, by }: { message: Message; by: string }) {
  const { files } = message;
  if (files.length === 0) return null;
  const shown: Shown[] = files.map((file) => ({ file, by, at: message.created_at, seq: message.seq }));
  const pictures = shown.filter(({ file }) => isInGrid(file));
  const rest = files.filter((file) => !isInGrid(file));
  return (
    <div className={css["files"]} data-note={message.visibility === "note" || undefined}>
      {pictures.length > 0 && <Pictures pictures={pictures} />}
      {rest.map((file) =>
        file.state === "ready" && (file.kind === "audio" || file.kind === "video") ? <Player key={file.id} file={file} /> : <Card key={file.id} file={file} />,
      )}
    </div>
  );
});
