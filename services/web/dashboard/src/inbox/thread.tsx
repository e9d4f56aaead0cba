import { useEffect, useMemo, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { Button, dayName, Empty, Failed, Skeleton, useNow } from "ui";
import type { Conversation } from "wire";
import { filesHeight } from "../files/box.ts";
import { SystemLine } from "../whatsapp_talk/system.tsx";
import { Bubble, WaitingBubble } from "./bubble.tsx";
import { contactName, useInbox, useInboxState } from "./context.tsx";
import { rowOf, threadRows, type ThreadRow } from "./rows.ts";
import { useSought } from "./sought.ts";
import type { ThreadView, Waiting } from "./state.ts";
import { useReading } from "./reading.ts";
import { t } from "./words.ts";
import css from "./thread.module.css";

const sameItems = (a: readonly Waiting[], b: readonly Waiting[]) => a.length === b.length && a.every((item, at) => item === b[at]);

export function Thread({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  const view = useInboxState((state) => state.threads.get(conversation.id));
  const waiting = useInboxState((state) => state.waiting.filter((item) => item.lane === conversation.id), sameItems);
  useEffect(() => inbox.threads.open(conversation.id), [inbox, conversation.id, view === undefined]);
  if (view?.phase === "failed") return <Failed error={view.error} onRetry={() => void inbox.threads.reload(conversation.id)} />;
  if (view?.phase === "missing") return <Empty title={t("missingTitle")}>{t("missingText")}</Empty>;
  if (!view || view.phase === "loading") return <div className={css["scroll"]}><Skeleton lines={5} /></div>;
  return <Loaded conversation={conversation} view={view} waiting={waiting} />;
}

type LoadedProps = { conversation: Conversation; view: ThreadView; waiting: readonly Waiting[] };

function Loaded({ conversation, view, waiting }: LoadedProps) {
  const inbox = useInbox();
  const { thread, unreadFrom } = view;
  const rows = useMemo(() => threadRows(thread.messages, waiting, unreadFrom), [thread.messages, waiting, unreadFrom]);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: 80,
    paddingStart: 12,
    paddingEnd: 10,
  });
  useEffect(() => {
    virtual.scrollToEnd({ behavior: "instant" });
    const again = requestAnimationFrame(() => virtual.scrollToEnd({ behavior: "instant" }));
    return () => cancelAnimationFrame(again);
  }, []);
  const mine = waiting.length;
  useEffect(() => {
    if (mine > 0) virtual.scrollToEnd({ behavior: "instant" });
  }, [mine]);

  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 80);
    if (element.scrollTop < 400) inbox.threads.older(conversation.id);
  };
  useEffect(scrolled, [rows.length, view.older]);
  useReading(conversation, atEnd);
  const found = useSought(conversation.id, view.sought, (seq) => {
    const at = rowOf(rows, seq);
    if (at >= 0) virtual.scrollToIndex(at, { align: "center" });
    return at >= 0;
  });
  const below = useNewBelow(conversation, atEnd);
  const name = contactName(conversation.contact);

  return (
    <div className={css["area"]}>
      <div className={css["scroll"]} ref={scroller} onScroll={scrolled} tabIndex={0} role="log" aria-live="off" aria-label={t("thread", { name })}>
        <Top view={view} onRetry={() => inbox.threads.older(conversation.id)} />
        <div className={css["canvas"]} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              <div key={item.key} data-index={item.index} ref={virtual.measureElement} className={css["slot"]} style={{ transform: `translateY(${item.start}px)` }}>
                {row && <RowView row={row} conversation={conversation} name={name} found={found} />}
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className={css["down"]} onClick={() => virtual.scrollToEnd({ behavior: "instant" })}>
          <ArrowDown size={14} aria-hidden />
          {below > 0 ? t("newBelow", { n: below }) : t("toBottom")}
        </button>
      )}
    </div>
  );
}

type RowProps = { row: ThreadRow; conversation: Conversation; name: string; found: number | null };

function RowView({ row, conversation: { channel, group }, name, found }: RowProps) {
  if (row.kind === "message")
    return (
      <Bubble
        message={row.message}
        // In a group everybody has a name of their own.
        name={group ? row.message.author.name || name : name}
        starts={row.starts}
        ends={row.ends}
        found={row.message.seq === found}
        channel={channel !== null}
      />
    );
  if (row.kind === "waiting") return <WaitingBubble item={row.item} starts={row.starts} />;
  if (row.kind === "unread") return <div className={css["unread"]} role="separator"><span>{t("unreadLine")}</span></div>;
  if (row.kind === "system") return <SystemLine message={row.message} />;
  return <Day at={row.at} />;
}

function Day({ at }: { at: string }) {
  const now = useNow();
  return <div className={css["day"]} role="separator"><span>{dayName(at, now)}</span></div>;
}

function Top({ view, onRetry }: { view: ThreadView; onRetry: () => void }) {
  if (view.older === "loading") return <p className={css["top"]} role="status">{t("olderLoading")}</p>;
  if (view.older === "failed")
    return (
      <p className={css["top"]} role="alert">
        {t("olderFailed")} <Button size="s" onClick={onRetry}>{t("retry")}</Button>
      </p>
    );
  return view.thread.has_more ? null : <p className={css["top"]}>{t("threadStart")}</p>;
}

function estimate(row: ThreadRow | undefined): number {
  if (row?.kind === "waiting") return 64 + (row.item.payload.files?.length ?? 0) * 60;
  if (row?.kind !== "message") return 38;
  const { body, files, extra } = row.message;
  const words = body === "" ? 4 : 34 + Math.ceil(body.length / 70) * 19;
  return words + (extra?.content ? 56 : 0) + filesHeight(files) + (row.starts ? 20 : 0) + (row.ends ? 18 : 0);
}

/** How many messages have come since the reader left the end. */
function useNewBelow(conversation: Conversation, atEnd: boolean): number {
  const seen = useRef(conversation.last_seq);
  if (atEnd) seen.current = conversation.last_seq;
  return Math.max(0, conversation.last_seq - seen.current);
}
