import { useEffect, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Building2, Plus, Search } from "lucide-react";
import { Button, Chip, Empty, Failed, fullDate, Input, Page, Section, Select, Skeleton } from "ui";
import { format, go, type TenantFilter } from "../router.ts";
import { t } from "../words.ts";
import { tenants, tenantsKey, type TenantRow } from "./api.ts";
import { standing } from "./standing.tsx";
import { Create } from "./create.tsx";
import css from "./tenants.module.css";

export function Tenants({ q, status }: { q: string; status: TenantFilter }) {
  const [creating, setCreating] = useState(false);
  const query = useInfiniteQuery({
    queryKey: [...tenantsKey, "list", q, status],
    queryFn: ({ pageParam }) => tenants(q, status, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const add = (
    <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setCreating(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page wide title={t("tenants")} text={t("tenantsText")} actions={add}>
      <Filters q={q} status={status} />
      <Section flush>
        {query.isPending && <Skeleton lines={5} />}
        {query.error && rows.length === 0 && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && rows.length === 0 && <Nothing filtered={q !== "" || status !== "all"} />}
        {rows.length > 0 && <Table rows={rows} />}
      </Section>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("more")}</Button>
      )}
      {creating && <Create onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <Empty icon={<Building2 size={20} aria-hidden />} title={t(filtered ? "noMatch" : "none")}>
      {t(filtered ? "noMatchText" : "noneText")}
    </Empty>
  );
}

function Filters({ q, status }: { q: string; status: TenantFilter }) {
  const [text, setText] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => go({ page: "tenants", q: text.trim(), status }, "replace"), 250);
    return () => clearTimeout(timer);
  }, [text, status]);
  return (
    <div className={css["filters"]}>
      <span className={css["search"]}>
        <Search size={15} aria-hidden />
        <Input type="search" aria-label={t("search")} placeholder={t("search")} value={text} onChange={(event) => setText(event.target.value)} />
      </span>
      <span className={css["status"]}>
        <Select
          label={t("status")}
          value={status}
          options={[
            { value: "all", label: t("all") },
            { value: "active", label: t("active") },
            { value: "suspended", label: t("suspendedState") },
            { value: "deleting", label: t("deletingState") },
          ]}
          onChange={(next) => go({ page: "tenants", q: text.trim(), status: next }, "replace")}
        />
      </span>
    </div>
  );
}

function Table({ rows }: { rows: TenantRow[] }) {
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th>{t("name")}</th>
            <th>{t("owner")}</th>
            <th className={css["number"]}>{t("agents")}</th>
            <th className={css["number"]}>{t("conversations")}</th>
            <th>{t("since")}</th>
            <th>{t("status")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} onClick={() => go({ page: "tenant", id: row.id })}>
              <td>
                <a href={format({ page: "tenant", id: row.id })} onClick={(event) => event.stopPropagation()}>{row.name}</a>
              </td>
              <td>
                {row.owner?.email ?? t("noOwner")} {row.owner?.state === "invited" && <Chip tone="accent">{t("ownerInvited")}</Chip>}
              </td>
              <td className={css["number"]}>{row.agents.toLocaleString()}</td>
              <td className={css["number"]}>{row.conversations.toLocaleString()}</td>
              <td>{fullDate(row.created_at)}</td>
              <td>
                <Chip tone={row.status === "active" ? "good" : "bad"}>{t(standing[row.status])}</Chip>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
