import { ChevronDown, Search, X } from "lucide-react";
import type { Conversation, ConversationStatus } from "wire";
import { Button, Count, IconButton, Menu, MenuItem, Select, say } from "ui";
import { perform } from "../keyboard/hub.ts";
import { capsOf } from "../keyboard/keys.ts";
import { goInbox, type Filter, type StatusFilter, type View } from "../router.ts";
import { SourceMenu } from "../whatsapp_talk/source_menu.tsx";
import { StartButton } from "../whatsapp_talk/start_button.tsx";
import { useColleagues } from "./colleagues.ts";
import { useInbox, useInboxState } from "./context.tsx";
import { statusIcon, statuses } from "./status.tsx";
import { t } from "./words.ts";
import css from "./list.module.css";

const views: readonly View[] = ["mine", "unassigned", "all"];

export function ListHead({ filter, rows }: { filter: Filter; rows: Conversation[] }) {
  const selecting = useInboxState((state) => state.selected.size);
  return (
    <header className={css["head"]}>
      <Tabs filter={filter} />
      {selecting > 0 ? <Bulk count={selecting} rows={rows} /> : <Filters filter={filter} />}
    </header>
  );
}

function Tabs({ filter }: { filter: Filter }) {
  const unread = useInboxState((state) => state.unread);
  const counts = { mine: unread?.mine ?? 0, unassigned: unread?.unassigned ?? 0, all: unread?.total ?? 0 };
  return (
    <nav className={css["tabs"]} aria-label={t("views")}>
      {views.map((view) => (
        <button
          key={view}
          type="button"
          className={css["tab"]}
          aria-current={filter.view === view ? "page" : undefined}
          onClick={() => goInbox({ filter: { view } })}
        >
          {t(view)}
          <Count n={counts[view]} label={t("unreadN", { n: counts[view] })} />
        </button>
      ))}
      <span className={css["gap"]} />
      <IconButton className={css["search"] ?? ""} label={t("search")} keys={capsOf("palette")} onClick={() => perform("palette")}>
        <Search size={17} aria-hidden />
      </IconButton>
      <StartButton />
    </nav>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const colleagues = useColleagues();
  const people = [{ value: "", label: t("anyAssignee") }, ...colleagues.map((one) => ({ value: one.id, label: one.name }))];
  const asStatus = [...statuses, "all" as const].map((value) => ({
    value: value as StatusFilter,
    label: value === "all" ? t("anyStatus") : t(value),
  }));
  return (
    <div className={css["filters"]} role="group" aria-label={t("filters")} data-filters>
      <Select size="s" label={t("statusFilter")} value={filter.status} options={asStatus} onChange={(status) => goInbox({ filter: { status } }, "replace")} />
      {filter.view === "all" && (
        <Select
          size="s"
          label={t("assigneeFilter")}
          value={filter.assignee ?? ""}
          options={people}
          onChange={(assignee) => goInbox({ filter: { assignee: assignee || null } }, "replace")}
        />
      )}
      <Select
        size="s"
        label={t("sortLabel")}
        value={filter.sort}
        options={[
          { value: "newest", label: t("newest") },
          { value: "oldest", label: t("oldest") },
        ]}
        onChange={(sort) => goInbox({ filter: { sort } }, "replace")}
      />
      <span className={css["gap"]} />
      <SourceMenu filter={filter} />
    </div>
  );
}

function Bulk({ count, rows }: { count: number; rows: Conversation[] }) {
  const { actions } = useInbox();
  const change = (status: ConversationStatus) =>
    void actions.setStatusOfSelected(status).then((n) => n > 0 && say(t("bulkDone", { n })));
  return (
    <div className={css["filters"]} role="group">
      <IconButton label={t("clearSelection")} onClick={() => actions.selectOnly([])}>
        <X size={15} aria-hidden />
      </IconButton>
      <strong aria-live="polite">{t("selectedN", { n: count })}</strong>
      <span className={css["gap"]} />
      <Button size="s" tone="quiet" onClick={() => actions.selectOnly(rows.map((row) => row.id))}>
        {t("all")}
      </Button>
      <Button size="s" onClick={() => change("resolved")}>{t("resolve")}</Button>
      <Menu align="end" trigger={<Button size="s" icon={<ChevronDown size={13} aria-hidden />}>{t("status")}</Button>}>
        {statuses.map((status) => (
          <MenuItem key={status} icon={statusIcon(status)} onSelect={() => change(status)}>
            {t(status)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
