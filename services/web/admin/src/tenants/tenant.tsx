import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { Problem } from "wire";
import { Button, Chip, CopyButton, Empty, Failed, fullDate, longAge, Page, Row, Rows, say, Section, sentence, Skeleton, useNow } from "ui";
import { format } from "../router.ts";
import { t } from "../words.ts";
import { Facts } from "../system/facts.tsx";
import { Invite } from "./invite.tsx";
import { resume, tenant as fetchTenant, tenantKey, tenantsKey, type TenantDetail } from "./api.ts";
import { Suspend } from "./suspend.tsx";
import css from "./tenants.module.css";

export function TenantScreen({ id }: { id: string }) {
  const { data: tenant, error, refetch } = useQuery({ queryKey: tenantKey(id), queryFn: () => fetchTenant(id) });
  if (error instanceof Problem && error.status === 404) return <Empty title={t("tenantMissing")} />;
  if (error && !tenant) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!tenant) return <Skeleton kind="cards" lines={3} />;
  const active = tenant.status === "active";
  const hasOwner = tenant.owner?.state === "active";
  return (
    <Page
      title={tenant.name}
      text={
        <>
          <Chip tone={active ? "good" : "bad"}>{t(active ? "active" : "suspendedState")}</Chip> {t("since")} {fullDate(tenant.created_at)}
        </>
      }
      actions={<CopyButton text={tenant.id} label={tenant.id.slice(0, 12) + "…"} />}
      back={
        <a className={css["back"]} href={format({ page: "tenants", q: "", status: "all" })}>
          <ArrowLeft size={14} aria-hidden /> {t("back")}
        </a>
      }
    >
      <Section title={t("owner")} flush>
        <Rows>
          <Row
            title={
              <>
                {tenant.owner?.email ?? t("noOwner")}
                {tenant.owner && <Chip tone={hasOwner ? "good" : "accent"}>{t(hasOwner ? "ownerActive" : "ownerInvited")}</Chip>}
              </>
            }
            text={t(hasOwner ? "ownerActiveText" : "resendText")}
            end={<Invite tenant={tenant} />}
          />
        </Rows>
      </Section>
      <Section title={t("usage")} text={t("usageText")}>
        <Facts facts={tenant.usage ?? { agents: tenant.agents, conversations: tenant.conversations }} />
      </Section>
      <Standing tenant={tenant} />
    </Page>
  );
}

function Standing({ tenant }: { tenant: TenantDetail }) {
  const now = useNow();
  const client = useQueryClient();
  const [suspending, setSuspending] = useState(false);
  const wake = useMutation({
    mutationFn: () => resume(tenant.id),
    onSuccess: () => say(t("resumed", { name: tenant.name })),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: tenantsKey }),
  });
  const active = tenant.status === "active";
  const since = tenant.suspended_at ? t("suspendedSince", { when: longAge(tenant.suspended_at, now) }) : t("suspendedState");
  return (
    <Section title={t("access")} flush>
      <Rows>
        <Row
          title={active ? t("active") : since}
          text={active ? t("activeText") : (tenant.suspended_reason ?? "")}
          end={
            active ? (
              <Button tone="danger" onClick={() => setSuspending(true)}>{t("suspend")}</Button>
            ) : (
              <Button tone="primary" busy={wake.isPending} onClick={() => wake.mutate()}>{t("resume")}</Button>
            )
          }
        />
      </Rows>
      {suspending && <Suspend tenant={tenant} onClose={() => setSuspending(false)} />}
    </Section>
  );
}
