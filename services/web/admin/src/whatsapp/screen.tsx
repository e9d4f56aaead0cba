import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import type { WhatsAppApp } from "wire";
import { Button, Chip, Empty, Failed, fullTime, Page, Row, Rows, Section, Skeleton } from "ui";
import { apps, appsKey } from "./api.ts";
import { Acts } from "./acts.tsx";
import { Add } from "./add.tsx";
import { t } from "./words.ts";

/** The platform's own Meta apps. */
export function WhatsApp() {
  const [adding, setAdding] = useState(false);
  const { data, isPending, error, refetch } = useQuery({ queryKey: appsKey, queryFn: apps });
  const add = (
    <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  return (
    <Page title={t("title")} text={t("text")} actions={data?.items.length ? add : null}>
      <Section title={t("apps")} text={t("appsText")} flush>
        {isPending && <Skeleton lines={2} />}
        {error && <Failed error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && (
          <Empty icon={<Webhook size={20} aria-hidden />} title={t("none")} action={add}>
            {t("noneText")}
          </Empty>
        )}
        <Rows>
          {data?.items.map((app) => (
            <Row key={app.id} lead={<Webhook size={18} aria-hidden />} title={<Title app={app} />} text={line(app)} end={<Acts app={app} />} />
          ))}
        </Rows>
      </Section>
      {adding && <Add onClose={() => setAdding(false)} />}
    </Page>
  );
}

const Title = ({ app }: { app: WhatsAppApp }) => (
  <>
    {app.name}
    {app.signup_config && <Chip tone="accent">{t("signupOn")}</Chip>}
  </>
);

function line(app: WhatsAppApp): string {
  const secret = app.secret_hint ? t("secretEnds", { hint: `…${app.secret_hint}` }) : t("noSecret");
  return [t("line", { id: app.meta_app_id }), secret, app.old_secret_until && t("overlap", { when: fullTime(app.old_secret_until) })].filter(Boolean).join(" · ");
}
