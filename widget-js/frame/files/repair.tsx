/** What a person may do about a message with files that did not go. */

import type { OutboxItem } from "../../wire/outbox";
import type { Upload } from "../../wire/upload";
import { filesOf } from "../../wire/upload_message";
import { t } from "../i18n";
import type { Words } from "../state";
import { fromAttached, type ShownFile } from "./shown";
import { why } from "./words";

export interface RepairProps {
  item: Pick<OutboxItem<Words>, "client_id" | "payload" | "failure">;
  uploads: readonly Upload[];
  onRetry(id: string): void;
  onDiscard(id: string): void;
}

export function Repair({ item: { client_id, payload, failure }, uploads, onRetry, onDiscard }: RepairProps) {
  const files = filesOf(payload).map((one) => fromAttached(one, uploads.find((upload) => upload.id === one.upload)));
  const left = files.filter((one) => !isLost(one));
  const isHopeless = !payload.body && left.length === 0;
  // A file says itself what is wrong with it.
  const reason = files.some((one) => one.reason) ? "" : why(failure?.code ?? null);
  return (
    <>
      {reason && <span class="meta">{reason}</span>}
      <span class="actions">
        {!isHopeless && <button onClick={() => onRetry(client_id)}>{t(left.length < files.length ? "send_without" : "retry")}</button>}
        <button onClick={() => onDiscard(client_id)}>{t("discard")}</button>
      </span>
    </>
  );
}

function isLost({ state, reason }: ShownFile): boolean {
  return state === "refused" || reason === "bytes_lost";
}
