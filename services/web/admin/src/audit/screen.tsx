import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import type { List } from "wire";
import { Button, Empty, Failed, fullTime, Page, Row, Rows, Section, Skeleton } from "ui";
import { rest } from "../session.ts";
import { t } from "../words.ts";
import { describe, type Entry } from "./entry.ts";

const audit = (cursor: string | null) => rest.get<List<Entry>>("/operator/v1/audit", { query: { cursor } });

export function Audit() {
  const query = useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => audit(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("audit")} text={t("auditText")}>
      <Section flush>
        {query.isPending && <Skeleton lines={5} />}
        {query.error && rows.length === 0 && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && rows.length === 0 && <Empty icon={<ScrollText size={20} aria-hidden />} title={t("auditNone")} />}
        <Rows>
          {rows.map((entry, index) => {
            const { action, who, about, at } = describe(entry);
            return <Row key={entry.id ?? index} title={action} text={[who, about].filter(Boolean).join(" · ")} end={at ? fullTime(at) : null} />;
          })}
        </Rows>
      </Section>
      {query.hasNextPage && <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("more")}</Button>}
    </Page>
  );
}
