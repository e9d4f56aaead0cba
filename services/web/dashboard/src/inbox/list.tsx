import { useCallback, useEffect, useMemo, useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Inbox as InboxIcon } from "lucide-react";
import { Button, Empty, Failed, Skeleton } from "ui";
import type { Conversation } from "wire";
import { everything, go, goInbox, type Filter } from "../router.ts";
import { useInbox, useInboxState } from "./context.tsx";
import { ListHead } from "./list_head.tsx";
import { ListRow } from "./row.tsx";
import { listRows } from "./rows.ts";
import { listKey, type ListState } from "./state.ts";
import { t } from "./words.ts";
import css from "./list.module.css";

const ROW = 78;

/** The rows a filter shows now; also what J and K walk through. */
export function useRows(filter: Filter): { rows: Conversation[]; list: ListState | undefined } {
  const inbox = useInbox();
  const state = useInboxState((all) => all.inbox);
  const list = useInboxState((all) => all.lists.get(listKey(filter)));
  const rows = useMemo(() => listRows(state, list, filter, inbox.me.id), [state, list, filter, inbox.me.id]);
  useEffect(() => inbox.lists.ensure(filter), [inbox, filter, list === undefined]);
  return { rows, list };
}

type Props = { filter: Filter; current: string | null; rows: Conversation[]; list: ListState | undefined };

export function List({ filter, current, rows, list }: Props) {
  return (
    <section className={css["list"]} aria-label={t("conversations")}>
      <ListHead filter={filter} rows={rows} />
      <Body filter={filter} current={current} rows={rows} list={list} />
    </section>
  );
}

function Body({ filter, current, rows, list }: Props) {
  const inbox = useInbox();
  if (list?.phase === "failed") return <Failed error={list.error} onRetry={() => void inbox.lists.load(filter).catch(() => undefined)} />;
  if (list?.phase !== "ready" && rows.length === 0) return <Skeleton kind="rows" lines={9} />;
  if (rows.length === 0 && !list?.cursor) return <Nothing filter={filter} />;
  return <Rows filter={filter} current={current} rows={rows} list={list} />;
}

function Rows({ filter, current, rows, list }: Props) {
  const inbox = useInbox();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const wantsMore = Boolean(list?.cursor) && list?.more === "idle" && last >= rows.length - 12;
  useEffect(() => {
    if (wantsMore) inbox.lists.more(filter);
  }, [wantsMore, inbox, filter]);

  const at = rows.findIndex((row) => row.id === current);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
    // Only a move of the cursor scrolls; a row that rises by itself does not drag the reader along.
  }, [current]);

  const open = useCallback((id: string) => goInbox({ conversation: id }), []);
  return (
    <div className={css["scroll"]} ref={scroller}>
      <div className={css["canvas"]} style={{ height: virtual.getTotalSize() }} role="list">
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              role="listitem"
              aria-setsize={list?.cursor ? -1 : rows.length}
              aria-posinset={item.index + 1}
              className={css["slot"]}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <ListRow row={row} current={row.id === current} showStatus={filter.status === "all"} onOpen={open} />
            </div>
          );
        })}
      </div>
      <Tail list={list} onRetry={() => inbox.lists.more(filter)} />
    </div>
  );
}

function Tail({ list, onRetry }: { list: ListState | undefined; onRetry: () => void }) {
  if (list?.more === "loading") return <Skeleton kind="rows" lines={2} />;
  if (list?.more !== "failed") return null;
  return (
    <p className={css["tail"]} role="alert">
      {t("moreFailed")}
      <Button size="s" onClick={onRetry}>
        {t("retry")}
      </Button>
    </p>
  );
}

function Nothing({ filter }: { filter: Filter }) {
  const icon = <InboxIcon size={20} aria-hidden />;
  const filtered = filter.status !== "open" || filter.assignee !== null || filter.source !== "all";
  if (filtered)
    return (
      <Empty icon={icon} title={t("emptyFilter")} action={<Button onClick={() => goInbox({ filter: everything })}>{t("clearFilter")}</Button>}>
        {t("emptyFilterText")}
      </Empty>
    );
  if (filter.view === "mine") return <Empty icon={icon} title={t("emptyMine")}>{t("emptyMineText")}</Empty>;
  if (filter.view === "unassigned") return <Empty icon={icon} title={t("emptyUnassigned")}>{t("emptyUnassignedText")}</Empty>;
  return (
    <Empty icon={icon} title={t("emptyAll")} action={<Button onClick={() => go({ page: "widgets" })}>{t("setUpWidget")}</Button>}>
      {t("emptyAllText")}
    </Empty>
  );
}
