import { RotateCcw, X } from "lucide-react";
import { kindOf, type Upload } from "wire";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { FileIcon } from "./icon.tsx";
import { shownName } from "./kinds.ts";
import { useLink } from "./links.ts";
import { Name } from "./name.tsx";
import { uploadText } from "./refusals.ts";
import { placeKey, type Place } from "./trays.ts";
import { t } from "./words.ts";
import css from "./tray.module.css";

const none: readonly string[] = [];
const sameList = <T,>(a: readonly T[], b: readonly T[]) => a.length === b.length && a.every((one, at) => one === b[at]);

/** The uploads in one tray, in the order they were chosen. */
export function useTray(place: Place): readonly Upload[] {
  return useInboxState((state) => {
    const ids = state.trays.get(placeKey(place)) ?? none;
    return ids.flatMap((id) => state.uploads.find((one) => one.id === id) ?? []);
  }, sameList);
}

export const isStuck = (upload: Upload): boolean => upload.state === "failed" || upload.state === "refused";

export function Tray({ place, uploads }: { place: Place; uploads: readonly Upload[] }) {
  const inbox = useInbox();
  if (uploads.length === 0) return null;
  return (
    <ul className={css["tray"]} aria-label={t("tray")}>
      {uploads.map((upload) => (
        <Chip key={upload.id} upload={upload} onRemove={() => inbox.trays.remove(place, upload.id)} />
      ))}
    </ul>
  );
}

function Chip({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const inbox = useInbox();
  const name = shownName(upload.name);
  const going = upload.state === "uploading" || upload.state === "waiting";
  return (
    <li className={css["chip"]} data-state={upload.state}>
      <Thumb upload={upload} />
      <span className={css["words"]}>
        <Name name={upload.name} />
        <span className={css["text"]} role={isStuck(upload) ? "alert" : undefined}>
          {uploadText(upload)}
        </span>
      </span>
      {upload.state === "failed" && upload.failure?.code !== "bytes_lost" && (
        <button type="button" className={css["act"]} aria-label={t("retryNamed", { name })} title={t("retry")} onClick={() => inbox.uploads.retry(upload.id)}>
          <RotateCcw size={14} aria-hidden />
        </button>
      )}
      <button type="button" className={css["act"]} aria-label={t(going ? "cancelNamed" : "removeNamed", { name })} onClick={onRemove}>
        <X size={14} aria-hidden />
      </button>
      {going && <Progress upload={upload} />}
    </li>
  );
}

export function Progress({ upload }: { upload: Upload }) {
  const percent = Math.floor(upload.sent * 100);
  return (
    <span className={css["track"]} role="progressbar" aria-label={shownName(upload.name)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <span className={css["bar"]} style={{ transform: `scaleX(${upload.sent})` }} />
    </span>
  );
}

/** The picture itself, from this browser; after a reload from the server; else what kind of file it is. */
export function Thumb({ upload }: { upload: Pick<Upload, "id" | "name" | "file" | "state"> }) {
  const inbox = useInbox();
  const kind = upload.file?.kind ?? kindOf(upload.name);
  const own = inbox.trays.picture(upload.id);
  if (own) return <img className={css["thumb"]} src={own} alt="" draggable={false} />;
  if (upload.file && kind === "image" && upload.state === "ready") return <Served file={upload.file} />;
  return <FileIcon name={upload.name} kind={kind} lost={upload.state === "refused"} size={18} />;
}

function Served({ file }: { file: NonNullable<Upload["file"]> }) {
  const { url, again } = useLink(file, "small");
  return url ? <img className={css["thumb"]} src={url} alt="" draggable={false} onError={again} /> : <FileIcon name={file.name} kind="image" size={18} />;
}
