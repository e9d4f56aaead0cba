/** The files of one bubble: pictures in a box that has its size from the start, cards for everything else. */

import { useMemo } from "preact/hooks";
import type { FileTools } from ".";
import type { File } from "../../wire/types";
import type { Upload } from "../../wire/upload";
import type { AttachedFile } from "../../wire/upload_message";
import { t } from "../i18n";
import { fromAttached, fromFile, type ShownFile } from "./shown";
import { isPicture } from "../view/box";
import { FileCard } from "./card";
import { Media } from "./media";
import { Picture } from "./picture";

export interface FilesProps {
  /** Of a message; or of one that waits, with what is on its way. */
  files: readonly File[];
  attached: readonly AttachedFile[];
  uploads: readonly Upload[];
  tools: FileTools;
  onView(id: string): void;
}

export function Files(props: FilesProps) {
  const { tools, onView } = props;
  const files = [...props.files.map(fromFile), ...props.attached.map((one) => fromAttached(one, props.uploads.find((upload) => upload.id === one.upload)))];
  const pictures = files.filter(isPicture);
  const others = files.filter((one) => !isPicture(one));
  return (
    <div class="files" role="group" aria-label={t("files")}>
      {pictures.length > 0 && (
        <div class={`shots n${Math.min(pictures.length, 4)}`}>
          {/* By place, not by id: a picture stays the same element when its upload becomes a file. */}
          {pictures.map((one, n) => (
            <Picture key={n} file={one} tools={tools} isAlone={pictures.length === 1} onView={onView} />
          ))}
        </div>
      )}
      {others.map((one, n) => (
        <Other key={n} file={one} tools={tools} />
      ))}
    </div>
  );
}

function Other({ file, tools }: { file: ShownFile; tools: FileTools }) {
  const isPlayed = (file.kind === "audio" || file.kind === "video") && file.state === "ready";
  return useMemo(() => (isPlayed ? <Media file={file} tools={tools} /> : <FileCard file={file} tools={tools} />), [file.id, file.state, file.sent, file.reason]);
}
