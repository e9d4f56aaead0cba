import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, Field, Form, FormEnd, Input, say, sentence, Textarea } from "ui";
import { t } from "../words.ts";
import { suspend, tenantsKey, type TenantDetail } from "./api.ts";

/** Darkens every site of a client at once: the name is typed, the reason is kept. */
export function Suspend({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const stop = useMutation({
    mutationFn: () => suspend(tenant.id, reason.trim()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: tenantsKey });
      say(t("suspendedDone", { name: tenant.name }));
      onClose();
    },
  });
  const ready = typed.trim() === tenant.name && reason.trim() !== "";
  return (
    <Dialog open onClose={onClose} title={t("suspendTitle", { name: tenant.name })} text={t("suspendText")}>
      <Form onSubmit={() => ready && stop.mutate()}>
        <Field label={t("reason")} hint={t("reasonHint")} error={stop.error ? sentence(stop.error) : null}>
          <Textarea value={reason} maxLength={500} autoFocus onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Field label={t("typeName", { word: tenant.name })}>
          <Input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="danger" busy={stop.isPending} disabled={!ready}>{t("suspend")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
