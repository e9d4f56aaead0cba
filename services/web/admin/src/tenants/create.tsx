import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "wire";
import { Button, Dialog, Field, Form, FormEnd, Input, say, sentence } from "ui";
import { t } from "../words.ts";
import { createTenant, tenantsKey } from "./api.ts";

export function Create({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const create = useMutation({
    mutationFn: () => createTenant({ name: name.trim(), owner_email: email.trim() }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: tenantsKey });
      say(t("created", { name: name.trim() }));
      onClose();
    },
  });
  const fault = (field: string) => (create.error instanceof Problem ? create.error.fields.find((one) => one.field === field)?.detail : undefined);
  const general = create.error && !fault("owner_email") && !fault("name") ? sentence(create.error) : null;
  return (
    <Dialog open onClose={onClose} title={t("create")} text={t("createText")}>
      <Form onSubmit={() => create.mutate()}>
        <Field label={t("name")} error={fault("name") ?? general}>
          <Input autoFocus autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("ownerEmail")} error={fault("owner_email")}>
          <Input type="email" autoComplete="off" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="primary" busy={create.isPending} disabled={!name.trim() || !email.includes("@")}>{t("createAction")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
