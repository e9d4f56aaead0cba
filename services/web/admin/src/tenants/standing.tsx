import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, fullDate, longAge, Row, Rows, say, Section, sentence, useNow } from "ui";
import { t } from "../words.ts";
import { restoreTenant, resume, tenantsKey, type TenantDetail, type TenantRow } from "./api.ts";
import { Delete } from "./delete.tsx";
import { Suspend } from "./suspend.tsx";

/** The word for each status. */
export const standing = { active: "active", suspended: "suspendedState", deleting: "deletingState" } as const satisfies Record<TenantRow["status"], string>;

/** Whether a client works, and the ways out of that. */
export function Standing({ tenant }: { tenant: TenantDetail }) {
  const [asking, setAsking] = useState<"suspend" | "delete" | null>(null);
  const close = () => setAsking(null);
  return (
    <Section title={t("access")} flush>
      <Rows>
        {tenant.status === "deleting" ? <Deleting tenant={tenant} /> : <Working tenant={tenant} onSuspend={() => setAsking("suspend")} />}
        {tenant.status !== "deleting" && (
          <Row title={t("delete")} text={t("deleteRowText")} end={<Button tone="danger" onClick={() => setAsking("delete")}>{t("delete")}</Button>} />
        )}
      </Rows>
      {asking === "suspend" && <Suspend tenant={tenant} onClose={close} />}
      {asking === "delete" && <Delete tenant={tenant} onClose={close} />}
    </Section>
  );
}

function Working({ tenant, onSuspend }: { tenant: TenantDetail; onSuspend: () => void }) {
  const now = useNow();
  const wake = useBack(() => resume(tenant.id), t("resumed", { name: tenant.name }));
  if (tenant.status === "active") {
    return <Row title={t("active")} text={t("activeText")} end={<Button tone="danger" onClick={onSuspend}>{t("suspend")}</Button>} />;
  }
  const since = tenant.suspended_at ? t("suspendedSince", { when: longAge(tenant.suspended_at, now) }) : t("suspendedState");
  const back = <Button tone="primary" busy={wake.isPending} onClick={() => wake.mutate()}>{t("resume")}</Button>;
  return <Row title={since} text={tenant.suspended_reason ?? ""} end={back} />;
}

/** The way back stays until the delay is over; after that the server removes what is left. */
function Deleting({ tenant }: { tenant: TenantDetail }) {
  const now = useNow();
  const restore = useBack(() => restoreTenant(tenant.id), t("restored", { name: tenant.name }));
  const at = tenant.delete_at ?? null;
  const over = at !== null && Date.parse(at) <= now;
  const back = over ? null : <Button tone="primary" busy={restore.isPending} onClick={() => restore.mutate()}>{t("restore")}</Button>;
  return <Row title={over || !at ? t("deletionBegun") : t("deletingOn", { when: fullDate(at) })} text={tenant.delete_reason ?? ""} end={back} />;
}

function useBack(act: () => Promise<unknown>, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => say(done),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: tenantsKey }),
  });
}
