/** A file as a card: what it is, how large, where it stands, and the way to have it. */

import { endingOf } from "../../wire/file_rules";
import { t } from "../i18n";
import { isOnItsWay, type ShownFile } from "./shown";
import type { FileTools } from ".";
import { useDownload } from "./download";
import { percentOf, sizeOf, spoken, why } from "./words";
import { FileIcon } from "./icons";
import { Name } from "./name";
import { Ring } from "./ring";

export function FileCard({ file, tools }: { file: ShownFile; tools: FileTools }) {
  if (file.state === "ready") return <Ready file={file} tools={tools} />;
  return (
    <div class={`filecard ${file.state}`}>
      <Sign file={file} />
      <About file={file} facts={factsOf(file)} />
    </div>
  );
}

function Ready({ file, tools }: { file: ShownFile; tools: FileTools }) {
  const download = useDownload(tools.links, file);
  return (
    <a class="filecard" {...download} aria-label={`${t("download", { name: spoken(file.name) })}, ${sizeOf(file.bytes)}`}>
      <Sign file={file} />
      <About file={file} facts={[endingOf(file.name).toUpperCase(), sizeOf(file.bytes)].filter(Boolean)} />
      <FileIcon name="get" size={18} />
    </a>
  );
}

/** Its kind, or how far it has come. */
export function Sign({ file }: { file: Pick<ShownFile, "kind" | "name" | "state" | "sent"> }) {
  const isMoving = file.state === "uploading" || file.state === "checking";
  return (
    <span class={`sign ${file.kind}`}>
      {isMoving ? <Ring share={file.state === "uploading" ? file.sent : null} size={30} /> : <KindIcon file={file} />}
    </span>
  );
}

function KindIcon({ file: { kind, state } }: { file: Pick<ShownFile, "kind" | "state"> }) {
  const isSad = state === "refused" || state === "failed" || state === "gone";
  const name = isSad ? "failed" : ({ image: "picture", audio: "note", video: "play", document: "page" } as const)[kind];
  return <FileIcon name={name} size={20} width={1.8} />;
}

/** Its name, and what there is to say. */
export function About({ file, facts }: { file: ShownFile; facts: readonly string[] }) {
  return (
    <span class="about">
      <Name name={file.name} />
      {/* In a log that is read out, a percentage in motion would be noise. */}
      <span class="facts" aria-hidden={file.state === "uploading"}>
        {/* Each keeps its own direction, so that a size in Arabic stays in one piece. */}
        {facts.map((one, n) => [n > 0 && " · ", <bdi key={one}>{one}</bdi>])}
      </span>
    </span>
  );
}

/** Where it stands, and why, in words. */
export function factsOf(file: ShownFile): string[] {
  if (file.state === "uploading") return [percentOf(file.sent), sizeOf(file.bytes)];
  if (isOnItsWay(file)) return [t("file_waiting"), sizeOf(file.bytes)];
  const reason = why(file.reason);
  return [reason ? `${t(`file_${file.state}`)}. ${reason}` : t(`file_${file.state}`)];
}
