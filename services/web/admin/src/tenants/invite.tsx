import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, Field, Form, FormEnd, Input, say, sentence } from "ui";
import { t } from "../words.ts";
import { invite, tenantsKey, type TenantDetail } from "./api.ts";

export function Invite({ tenant }: { tenant: TenantDetail }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="s" onClick={() => setOpen(true)}>{t(hasOwner(tenant) ? "another" : "resend")}</Button>
      {open && <Ask tenant={tenant} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Who has joined needs no second letter; but an owner may be lost, and then somebody else has to be asked. */
const hasOwner = (tenant: TenantDetail) => tenant.owner?.state === "active";

function Ask({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const client = useQueryClient();
  const joined = hasOwner(tenant);
  const [email, setEmail] = useState((!joined && tenant.owner?.email) || "");
  const send = useMutation({
    mutationFn: () => invite(tenant.id, email.trim()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: tenantsKey });
      say(t("resent", { email: email.trim() }));
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t(joined ? "another" : "resend")} text={t(joined ? "anotherText" : "resendText")}>
      <Form onSubmit={() => send.mutate()}>
        <Field label={t(joined ? "email" : "ownerEmail")} error={send.error ? sentence(send.error) : null}>
          <Input type="email" autoFocus autoComplete="off" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="primary" busy={send.isPending} disabled={!email.includes("@")}>{t("resendAction")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
