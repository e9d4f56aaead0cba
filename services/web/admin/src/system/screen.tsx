import { useQuery } from "@tanstack/react-query";
import { Failed, Page, Section, Skeleton } from "ui";
import { rest } from "../session.ts";
import { t } from "../words.ts";
import { Facts } from "./facts.tsx";
import { plain } from "./plain.ts";

const system = () => rest.get<Record<string, unknown>>("/operator/v1/system");

export function System() {
  const { data, isPending, error, refetch } = useQuery({ queryKey: ["system"], queryFn: system, refetchInterval: 10_000 });
  return (
    <Page title={t("system")} text={t("systemText")}>
      <Section title={t("server")}>
        {isPending && <Skeleton lines={4} />}
        {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
        {data && <Facts facts={plain(data)} />}
      </Section>
    </Page>
  );
}
