/** What the composer holds for the next message, and what could not be attached. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FileTools } from ".";
import { cutMiddle } from "../../wire/file_text";
import type { Upload } from "../../wire/upload";
import { attachedOf } from "../../wire/upload_message";
import { t } from "../i18n";
import type { FileRefusal } from "../../wire/file_rules";
import { fromAttached } from "./shown";
import { About, Sign, factsOf } from "./card";
import { refusalText, sizeOf, spoken } from "./words";
import { FileIcon } from "./icons";

export interface ChipsProps {
  uploads: readonly Upload[];
  refusals: readonly FileRefusal[];
  tools: FileTools;
  /** Where the focus goes when what had it is gone. */
  onGone(): void;
}

export function Chips({ uploads, refusals, tools, onGone }: ChipsProps) {
  return (
    <>
      {refusals.length > 0 && <Refusals refusals={refusals} onDismiss={() => (tools.forgetRefusals(), onGone())} />}
      {uploads.length > 0 && (
        <ul class="chips" aria-label={t("files")}>
          {uploads.map((upload) => (
            <Chip key={upload.id} upload={upload} tools={tools} onGone={onGone} />
          ))}
        </ul>
      )}
      <span class="hidden" role="status">
        {useNews(uploads)}
      </span>
    </>
  );
}

function Refusals({ refusals, onDismiss }: { refusals: readonly FileRefusal[]; onDismiss(): void }) {
  return (
    <div class="refusals" role="alert">
      <ul>
        {gathered(refusals).map(({ names, text }) => (
          <li key={names}>
            <strong>
              <bdi>{names}</bdi>
            </strong>{" "}
            {text}
          </li>
        ))}
      </ul>
      <button class="small" type="button" onClick={onDismiss} aria-label={t("dismiss")}>
        <FileIcon name="close" size={16} />
      </button>
    </div>
  );
}

/** Ten files of a wrong type are one sentence. */
function gathered(refusals: readonly FileRefusal[]): { names: string; text: string }[] {
  const byText = new Map<string, string[]>();
  for (const one of refusals) {
    const text = refusalText(one);
    byText.set(text, [...(byText.get(text) ?? []), cutMiddle(one.name, 24)]);
  }
  return [...byText].map(([text, names]) => ({ text, names: names.length > 3 ? `${names.slice(0, 3).join(", ")} +${names.length - 3}` : names.join(", ") }));
}

function Chip({ upload, tools, onGone }: { upload: Upload; tools: FileTools; onGone(): void }) {
  const file = fromAttached(attachedOf(upload), upload);
  const name = spoken(upload.name);
  const own = tools.preview(upload.id);
  const isMoving = upload.state === "waiting" || upload.state === "uploading";
  const canRetry = upload.state === "failed" && upload.failure?.code !== "bytes_lost";
  return (
    <li class={`chip ${upload.state}`}>
      {own && !isSad(upload) ? <Thumb url={own} upload={upload} /> : <Sign file={file} />}
      <About file={file} facts={upload.state === "ready" ? [sizeOf(upload.size)] : factsOf(file)} />
      {canRetry && (
        <button class="small" type="button" onClick={() => tools.retry(upload.id)} aria-label={t("retry_file", { name })}>
          <FileIcon name="again" size={16} />
        </button>
      )}
      <button class="small" type="button" onClick={() => (tools.detach(upload.id), onGone())} aria-label={t(isMoving ? "cancel_file" : "remove_file", { name })}>
        <FileIcon name="close" size={16} />
      </button>
    </li>
  );
}

function Thumb({ url, upload }: { url: string; upload: Upload }) {
  return (
    <span class="sign thumb">
      <img src={url} alt="" draggable={false} />
      {upload.state !== "ready" && <i style={{ width: `${Math.round(upload.sent * 100)}%` }} />}
    </span>
  );
}

function isSad({ state }: Upload): boolean {
  return state === "failed" || state === "refused";
}

/** What happened last, for those who hear the screen: a percentage in motion would be noise. */
function useNews(uploads: readonly Upload[]): string {
  const before = useRef(new Map<string, Upload["state"]>());
  const [news, setNews] = useState("");
  const states = uploads.map((one) => one.id + one.state).join();
  useEffect(() => {
    const said = uploads.flatMap((one) => sentence(one, before.current.get(one.id)));
    before.current = new Map(uploads.map((one) => [one.id, one.state]));
    if (said.length) setNews(said.join(". "));
  }, [states]);
  return news;
}

function sentence(upload: Upload, was: Upload["state"] | undefined): string[] {
  const name = spoken(upload.name);
  if (was === undefined) return [t("attached", { name })];
  if (was === upload.state || upload.state === "waiting" || upload.state === "uploading") return [];
  return [`${name}: ${factsOf(fromAttached(attachedOf(upload), upload)).join(" · ")}`];
}
