import type { AttachedFile, Upload } from "wire";
import { kindOf } from "wire";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { pictureBox } from "./box.ts";
import { FileIcon } from "./icon.tsx";
import { sizeText } from "./kinds.ts";
import { Name } from "./name.tsx";
import { uploadText } from "./refusals.ts";
import { Progress } from "./tray.tsx";
import files from "./files.module.css";
import css from "./tray.module.css";

/** The files of a message that has not left yet, in the room they will have when it has. */
export function WaitingFiles({ files: attached }: { files: readonly AttachedFile[] }) {
  if (attached.length === 0) return null;
  return (
    <div className={css["waiting"]}>
      {attached.map((one) => (
        <One key={one.upload} one={one} />
      ))}
    </div>
  );
}

function One({ one }: { one: AttachedFile }) {
  const inbox = useInbox();
  const upload = useInboxState((state) => state.uploads.find(({ id }) => id === one.upload));
  const picture = kindOf(one.name) === "image" ? inbox.trays.picture(one.upload) : null;
  return picture ? <Picture one={one} url={picture} upload={upload} /> : <Document one={one} upload={upload} />;
}

const isGoing = (upload: Upload | undefined) => upload?.state === "uploading" || upload?.state === "waiting";

function Picture({ one, url, upload }: { one: AttachedFile; url: string; upload: Upload | undefined }) {
  const box = pictureBox(one);
  const going = isGoing(upload);
  return (
    <div className={css["waitingPicture"]} style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }} data-going={going || undefined}>
      <img src={url} alt={one.name} draggable={false} />
      {upload && upload.state !== "ready" && <span className={css["badge"]}>{uploadText(upload)}</span>}
      {upload && going && <Progress upload={upload} />}
    </div>
  );
}

function Document({ one, upload }: { one: AttachedFile; upload: Upload | undefined }) {
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
