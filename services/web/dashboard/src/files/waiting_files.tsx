import type { AttachedFile, Upload } from "wire";
import { kindOf } from "wire";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { gridStyle, pictureBox } from "./box.ts";
import { FileIcon } from "./icon.tsx";
import { shownName, sizeText } from "./kinds.ts";
import { Name } from "./name.tsx";
import { uploadText } from "./refusals.ts";
import { Progress } from "./tray.tsx";
import files from "./files.module.css";
import css from "./tray.module.css";

/** The files of a message that has not left yet, in the room they will have when it has. */
export function WaitingFiles({ files: attached, note }: { files: readonly AttachedFile[]; note: boolean }) {
  const inbox = useInbox();
  const urlOf = (one: AttachedFile) => (kindOf(one.name) === "image" ? inbox.trays.picture(one.upload) : null);
  const pictures = attached.filter((one) => urlOf(one) !== null);
  if (attached.length === 0) return null;
  return (
    <div className={`${files["files"]} ${css["waiting"]}`} data-note={note || undefined}>
      {pictures.length > 0 && (
        <div className={files["grid"]} style={gridStyle(pictures.length)}>
          {pictures.map((one) => (
            <Picture key={one.upload} one={one} url={urlOf(one) ?? ""} single={pictures.length === 1} />
          ))}
        </div>
      )}
      {attached
        .filter((one) => !pictures.includes(one))
        .map((one) => (
          <Document key={one.upload} one={one} />
        ))}
    </div>
  );
}

const useUpload = (one: AttachedFile): Upload | undefined => useInboxState((state) => state.uploads.find(({ id }) => id === one.upload));

const isGoing = (upload: Upload | undefined) => upload?.state === "uploading" || upload?.state === "waiting";

function Picture({ one, url, single }: { one: AttachedFile; url: string; single: boolean }) {
  const upload = useUpload(one);
  const box = pictureBox(one);
  const going = isGoing(upload);
  const style = single ? { width: box.width, aspectRatio: `${box.width} / ${box.height}` } : { aspectRatio: 1 };
  return (
    <div className={css["waitingPicture"]} style={style} data-going={going || undefined}>
      <img src={url} alt={shownName(one.name)} draggable={false} />
      {upload && upload.state !== "ready" && <span className={css["badge"]}>{uploadText(upload)}</span>}
      {upload && going && <Progress upload={upload} />}
    </div>
  );
}

function Document({ one }: { one: AttachedFile }) {
  const upload = useUpload(one);
  return (
    <div className={`${files["card"]} ${css["waitingPicture"]}`}>
      <div className={files["cardMain"]}>
        <FileIcon name={one.name} kind={kindOf(one.name)} />
        <span className={files["cardWords"]}>
          <Name name={one.name} />
          <span className={files["cardText"]}>{upload ? uploadText(upload) : sizeText(one.size)}</span>
        </span>
      </div>
      {upload && isGoing(upload) && <Progress upload={upload} />}
    </div>
  );
}
