import type { ReactNode } from "react";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Globe2, ShieldX } from "lucide-react";
import { type Blocked, type Installation, type List } from "wire";
import { CopyBlock, Failed, longAge, Row, Rows, Section, Skeleton, useNow } from "ui";
import { blocked, installation, snippet, widgetKey } from "./api.ts";
import { t } from "./words.ts";
import css from "./widgets.module.css";

export function Install({ id }: { id: string }) {
  const code = useQuery({ queryKey: widgetKey(id, "snippet"), queryFn: () => snippet(id), staleTime: Infinity });
  const seen = useQuery({ queryKey: widgetKey(id, "installation"), queryFn: () => installation(id), refetchInterval: 20_000 });
  return (
    <>
      <Section title={t("snippet")} text={t("snippetText")}>
        {code.isPending && <Skeleton lines={1} />}
        {code.error && <Failed error={code.error} onRetry={() => void code.refetch()} />}
        {code.data && <CopyBlock label={t("snippetLabel")} value={code.data.html} />}
      </Section>
      <Section title={t("seen")} text={t("seenText")} flush>
        <Listed query={seen} none={t("seenNone")} row={(site) => <Seen key={site.origin} site={site} />} />
      </Section>
      <BlockedPart id={id} />
    </>
  );
}

export function BlockedPart({ id, onAdd }: { id: string; onAdd?: (origin: string) => ReactNode }) {
  const query = useQuery({ queryKey: widgetKey(id, "blocked"), queryFn: () => blocked(id), refetchInterval: 20_000 });
  return (
    <Section title={t("blocked")} text={t("blockedText")} flush>
      <Listed query={query} none={t("blockedNone")} row={(site) => <Refused key={site.origin} site={site} end={onAdd?.(site.origin)} />} />
    </Section>
  );
}

function Listed<T>({ query, none, row }: { query: UseQueryResult<List<T>>; none: string; row: (item: T) => ReactNode }) {
  if (query.isPending) return <Skeleton lines={1} />;
  if (query.error) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <p className={css["none"]}>{none}</p>;
  return <Rows>{query.data.items.map(row)}</Rows>;
}

function Seen({ site }: { site: Installation }) {
  const now = useNow();
  return (
    <Row
      lead={<Globe2 size={17} aria-hidden />}
      title={site.origin}
      text={`${t("seenLast", { when: longAge(site.last_seen_at, now) })} · ${t("loads", { n: site.loads })}`}
    />
  );
}

function Refused({ site, end }: { site: Blocked; end: ReactNode }) {
  const now = useNow();
  return (
    <Row
      lead={<ShieldX size={17} aria-hidden />}
      title={site.origin}
      text={`${t("blockedTimes", { n: site.count })} · ${t("blockedLast", { when: longAge(site.last_at, now) })}`}
      end={end}
    />
  );
}
