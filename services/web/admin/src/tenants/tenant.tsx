import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { Problem } from "wire";
import { Chip, CopyButton, Empty, Failed, fullDate, Page, Row, Rows, Section, Skeleton } from "ui";
import { format } from "../router.ts";
import { t } from "../words.ts";
import { Facts } from "../system/facts.tsx";
import { Invite } from "./invite.tsx";
import { tenant as fetchTenant, tenantKey } from "./api.ts";
import { Room } from "./room.tsx";
import { Standing, standing } from "./standing.tsx";
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
          <Chip tone={active ? "good" : "bad"}>{t(standing[tenant.status])}</Chip> {t("since")} {fullDate(tenant.created_at)}
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
      <Room id={id} />
      <Standing tenant={tenant} />
    </Page>
  );
}
