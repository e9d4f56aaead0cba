/** The log of messages: keeps the reader's place when older ones come, follows when new ones do. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OutboxItem } from "../../wire/outbox";
import type { Author, Message } from "../../wire/types";
import { dayOf, t, timeOf } from "../i18n";
import type { Words } from "../state";
import { Icon } from "./icons";
import { rowsOf, type Bubble } from "./rows";
import { Text } from "./text";

export interface ThreadProps {
  messages: readonly Message[];
  waiting: readonly OutboxItem<Words>[];
  hasMore: boolean;
  isLoading: boolean;
  typing: Author | null;
  greeting: string;
  from: string;
  onOlder(): Promise<void>;
  onRetry(id: string): void;
  onDiscard(id: string): void;
  children?: ComponentChildren;
}

/** Nearer than this to the end counts as reading the end. */
const NEAR_PX = 80;

export function Thread(props: ThreadProps) {
  const { messages, waiting, hasMore, isLoading, typing } = props;
  const rows = useMemo(() => rowsOf(messages, waiting), [messages, waiting]);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const height = useRef(0);
  const first = messages[0]?.seq;
  const [isAway, setAway] = useState(false);
  const [isBusy, setBusy] = useState(false);

  useLayoutEffect(() => {
    const log = box.current!;
    // Older messages came in above: what was read stays where it was.
    if (!isAtEnd.current) log.scrollTop += log.scrollHeight - height.current;
    height.current = log.scrollHeight;
  }, [first]);

  const last = rows.at(-1)?.key;
  useLayoutEffect(() => {
    const log = box.current!;
    const isOwn = waiting.some((item) => item.client_id === last);
    if (isAtEnd.current || isOwn) log.scrollTop = log.scrollHeight;
    else if (last) setAway(true);
    height.current = log.scrollHeight;
  }, [last, typing !== null, isLoading, props.children]);

  // The keyboard of a phone, or the composer growing: the end stays in view.
  useEffect(() => {
    const log = box.current!;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, []);

  async function scrolled() {
    const log = box.current!;
    isAtEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    height.current = log.scrollHeight;
    if (isAtEnd.current) setAway(false);
    if (log.scrollTop > 200 || !hasMore || isBusy) return;
    setBusy(true);
    await props.onOlder();
    setBusy(false);
  }

  function toEnd() {
    const log = box.current!;
    log.scrollTo({ top: log.scrollHeight });
  }

  return (
    <div class="thread">
      <div class="log" ref={box} onScroll={scrolled} role="log" aria-live="polite" aria-busy={isBusy || isLoading} aria-label={props.from} tabIndex={0}>
        {hasMore ? (
          <button class="older" disabled={isBusy} onClick={scrolled}>
            {isBusy ? t("loading") : <Icon name="clock" size={16} />}
          </button>
        ) : (
          props.greeting && !isLoading && <Greeting text={props.greeting} from={props.from} />
        )}
        {isLoading && <Skeleton />}
        {rows.map((row) =>
          "day" in row ? (
            <div class="day" key={row.key}>
              <span>{dayOf(row.day)}</span>
            </div>
          ) : (
            <BubbleRow key={row.key} bubble={row} onRetry={props.onRetry} onDiscard={props.onDiscard} />
          ),
        )}
        {typing && <Typing name={typing.name} />}
        {props.children}
      </div>
      {isAway && (
        <button class="latest" onClick={toEnd} aria-label={t("to_latest")}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function BubbleRow({ bubble, onRetry, onDiscard }: { bubble: Bubble } & Pick<ThreadProps, "onRetry" | "onDiscard">) {
  const { isMine, isFirst, isLast, state } = bubble;
  if (bubble.isSystem) return <div class="system">{bubble.body}</div>;
  const hasState = isMine && (isLast || state === "failed" || state === "queued");
  return (
    <div class={`row ${isMine ? "mine" : "theirs"} ${isFirst ? "first" : ""} ${isLast ? "last" : ""}`}>
      {!isMine && isFirst && <Face name={bubble.author} />}
      <div class="column">
        {!isMine && isFirst && <span class="who">{bubble.author}</span>}
        {isMine && <span class="hidden">{t("you")}</span>}
        <div class={`bubble ${state}`}>
          <Text body={bubble.body} />
        </div>
        {(isLast || hasState) && (
          <span class="meta">
            <time dateTime={bubble.at}>{timeOf(bubble.at)}</time>
            {hasState && <State state={state} />}
          </span>
        )}
        {state === "failed" && (
          <span class="actions">
            <button onClick={() => onRetry(bubble.key)}>{t("retry")}</button>
            <button onClick={() => onDiscard(bubble.key)}>{t("discard")}</button>
          </span>
        )}
      </div>
    </div>
  );
}

const STATE_ICON = { queued: "clock", sending: "clock", sent: "sent", delivered: "both", read: "both", failed: "failed" } as const;

function State({ state }: { state: Bubble["state"] }) {
  const label = t(`state_${state}`);
  return (
    <span class={`state ${state}`} role={state === "failed" ? "alert" : undefined} title={label}>
      <Icon name={STATE_ICON[state]} size={15} />
      <span class={state === "failed" || state === "queued" ? "" : "hidden"}>{label}</span>
    </span>
  );
}

export function Face({ name }: { name: string }) {
  const letters = Array.from(name.trim().split(/\s+/).slice(0, 2), (word) => Array.from(word)[0] ?? "").join("");
  return (
    <span class="face" aria-hidden="true">
      {letters.toUpperCase() || <Icon name="talk" size={16} />}
    </span>
  );
}

function Greeting({ text, from }: { text: string; from: string }) {
  return (
    <div class="row theirs first last">
      <Face name={from} />
      <div class="column">
        <span class="who">{from}</span>
        <div class="bubble">
          <Text body={text} />
        </div>
      </div>
    </div>
  );
}

function Typing({ name }: { name: string }) {
  return (
    <div class="row theirs typing">
      <div class="bubble dots">
        <i />
        <i />
        <i />
        <span class="hidden">{t("typing", { name })}</span>
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" aria-label={t("loading")}>
      <i />
      <i />
      <i />
    </div>
  );
}
