import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Globe2, Plus } from "lucide-react";
import { Button, Empty, Failed, Section, Skeleton } from "ui";
import { BlockedPart } from "../widgets/install.tsx";
import { Add } from "./add.tsx";
import { domains, domainsKey } from "./api.ts";
import { DomainCard } from "./card.tsx";
import { t } from "./words.ts";
import css from "./domains.module.css";

export function DomainsPart({ widgetId, manages }: { widgetId: string; manages: boolean }) {
  const [adding, setAdding] = useState<string | null>(null);
  const { data, isPending, error, refetch } = useQuery({ queryKey: domainsKey(widgetId), queryFn: () => domains(widgetId) });
  const add = manages && (
    <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding("")}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <Section title={t("domains")} text={t("domainsText")} actions={data?.items.length ? add : null} flush>
        {isPending && <Skeleton lines={2} />}
        {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && (
          <Empty icon={<Globe2 size={20} aria-hidden />} title={t("none")} action={add}>
            {t("noneText")}
          </Empty>
        )}
        <ul className={css["list"]}>
          {data?.items.map((domain) => (
            <DomainCard key={domain.id} domain={domain} manages={manages} />
          ))}
        </ul>
      </Section>
      <BlockedPart
        id={widgetId}
        onAdd={(origin) =>
          manages && (
            <Button size="s" onClick={() => setAdding(hostOf(origin))}>
              {t("addBlocked")}
            </Button>
          )
        }
      />
      {adding !== null && <Add widgetId={widgetId} host={adding} onClose={() => setAdding(null)} />}
    </>
  );
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).host;
  } catch {
    return origin;
  }
}
