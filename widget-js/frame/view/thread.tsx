/** The log of messages. */

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { OutboxItem } from "../../wire/outbox";
import type { Author, Message } from "../../wire/types";
import { dayOf, t } from "../i18n";
import type { Words } from "../state";
import { BubbleRow, type BubbleActions } from "./bubble";
import { Face } from "./face";
import { Icon } from "./icons";
import { rowsOf, type Row } from "./rows";
import { useScrolling } from "./scrolling";
import { Text } from "./text";

export interface ThreadProps extends BubbleActions {
  messages: readonly Message[];
  waiting: readonly OutboxItem<Words>[];
  hasMore: boolean;
  isLoading: boolean;
  typing: Author | null;
  greeting: string;
  from: string;
  onOlder(): Promise<void>;
  children?: ComponentChildren;
}

export function Thread(props: ThreadProps) {
  const { messages, waiting, hasMore, isLoading, typing, children } = props;
  const rows = useMemo(() => rowsOf(messages, waiting), [messages, waiting]);
  const last = rows.at(-1)?.key;
  const isOwn = waiting.some((item) => item.client_id === last);
  const scrolling = useScrolling({ first: messages[0]?.seq, last, isOwn, also: [typing !== null, isLoading, children], rows: [rows, props.uploads, props.part], hasMore, onOlder: props.onOlder });
  const { box, isBusy, scrolled } = scrolling;
  return (
    <div class="thread">
      <div class="log" ref={box} onScroll={scrolled} role="log" aria-live="polite" aria-busy={isBusy || isLoading} aria-label={props.from} tabIndex={0}>
        {hasMore && <Older isBusy={isBusy} onClick={scrolled} />}
        {!hasMore && props.greeting && !isLoading && <Greeting text={props.greeting} from={props.from} />}
        {isLoading && <Skeleton />}
        {rows.map((row) => (
          <OneRow key={row.key} row={row} actions={props} />
        ))}
        {typing && <Typing name={typing.name} />}
        {children}
      </div>
      {scrolling.isAway && (
        <button class="latest" onClick={scrolling.toEnd} aria-label={t("to_latest")}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function OneRow({ row, actions }: { row: Row; actions: BubbleActions }) {
  if (!("day" in row)) return <BubbleRow bubble={row} actions={actions} />;
  return (
    <div class="day">
      <span>{dayOf(row.day)}</span>
    </div>
  );
}

function Older({ isBusy, onClick }: { isBusy: boolean; onClick(): void }) {
  return (
    <button class="older" disabled={isBusy} onClick={onClick}>
      {isBusy ? t("loading") : <Icon name="clock" size={16} />}
    </button>
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
