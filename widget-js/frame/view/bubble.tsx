/** One message of the log: words, files, and how far it has come. */

import { useEffect } from "preact/hooks";
import type { Upload } from "../../wire/upload";
import { t, timeOf } from "../i18n";
import type { FilePart } from "../files";
import { heightOf, isPicture } from "./box";
import { Face } from "./face";
import { Icon } from "./icons";
import type { Bubble } from "./rows";
import { Text } from "./text";

export interface BubbleActions {
  /** What draws files; null until it has come. */
  part: FilePart | null;
  uploads: readonly Upload[];
  onView(id: string): void;
  onWant(): void;
  onRetry(id: string): void;
  onDiscard(id: string): void;
}

export function BubbleRow({ bubble, actions }: { bubble: Bubble; actions: BubbleActions }) {
  const { isMine, isFirst, isLast, state } = bubble;
  if (bubble.isSystem) return <div class="system">{bubble.body}</div>;
  const hasState = isMine && (isLast || state === "failed" || state === "queued");
  return (
    <div class={`row ${isMine ? "mine" : "theirs"} ${isFirst ? "first" : ""} ${isLast ? "last" : ""}`}>
      {!isMine && isFirst && <Face name={bubble.author} />}
      <div class="column">
        {!isMine && isFirst && <span class="who">{bubble.author}</span>}
        {isMine && <span class="hidden">{t("you")}</span>}
        <Said bubble={bubble} actions={actions} />
        {(isLast || hasState) && (
          <span class="meta">
            <time dateTime={bubble.at}>{timeOf(bubble.at)}</time>
            {hasState && <State state={state} />}
          </span>
        )}
        {state === "failed" && <Repair bubble={bubble} actions={actions} />}
      </div>
    </div>
  );
}

function Said({ bubble, actions }: { bubble: Bubble; actions: BubbleActions }) {
  const { body, files, attached, state } = bubble;
  const all = [...files, ...attached];
  const hasFiles = all.length > 0;
  return (
    <div class={`bubble ${state} ${hasFiles ? "with-files" : ""} ${!body && all.every(isPicture) ? "bare" : ""}`}>
      {hasFiles && <SaidFiles bubble={bubble} actions={actions} />}
      {body && <Text body={body} />}
    </div>
  );
}

/** Until what draws them has come, they have their room. */
function SaidFiles({ bubble: { files, attached }, actions: { part, uploads, onView, onWant } }: { bubble: Bubble; actions: BubbleActions }) {
  useEffect(() => void (part || onWant()), []);
  if (part) return <part.Files files={files} attached={attached} uploads={uploads} tools={part.tools} onView={onView} />;
  return <div class="files" style={{ width: "228px", height: `${heightOf([...files, ...attached])}px` }} />;
}

/** What a person may do about words that did not go. */
function Repair({ bubble: { key, body, attached, failure }, actions }: { bubble: Bubble; actions: BubbleActions }) {
  const { part, uploads, onRetry, onDiscard } = actions;
  const item = { client_id: key, payload: { body, files: attached, conversation_id: null, page: null, context: null }, failure };
  if (attached.length && part) return <part.Repair item={item} uploads={uploads} onRetry={onRetry} onDiscard={onDiscard} />;
  return (
    <span class="actions">
      <button onClick={() => onRetry(key)}>{t("retry")}</button>
      <button onClick={() => onDiscard(key)}>{t("discard")}</button>
    </span>
  );
}

const STATE_ICON = { queued: "clock", sending: "clock", sent: "sent", delivered: "both", read: "both", failed: "failed" } as const;

function State({ state }: Pick<Bubble, "state">) {
  const label = t(`state_${state}`);
  return (
    <span class={`state ${state}`} role={state === "failed" ? "alert" : undefined} title={label}>
      <Icon name={STATE_ICON[state]} size={15} />
      <span class={state === "failed" || state === "queued" ? "" : "hidden"}>{label}</span>
    </span>
  );
}
