import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem, type Role } from "wire";
import { Button, Dialog, Field, Form, FormEnd, Input, say, Select, sentence, useField } from "ui";
import { useSelf } from "../session.ts";
import { invite } from "./api.ts";
import { invitationsKey } from "./invitations.tsx";
import { roleOptions } from "./roles.ts";
import { t } from "./words.ts";

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { agent } = useSelf();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const send = useMutation({
    mutationFn: () => invite({ email: email.trim(), role, ...(name.trim() ? { name: name.trim() } : {}) }),
    onSuccess: () => {
      say(t("inviteSent", { email: email.trim() }));
      void client.invalidateQueries({ queryKey: invitationsKey });
      onClose();
    },
  });
  const fault = (field: string) => (send.error instanceof Problem ? send.error.fields.find((one) => one.field === field)?.detail : undefined);
  const general = send.error && !fault("name") && !fault("role") ? (fault("email") ?? sentence(send.error)) : null;
  return (
    <Dialog open onClose={onClose} title={t("invite")} text={t("inviteDialogText")}>
      <Form onSubmit={() => send.mutate()}>
        <Field label={t("email")} error={general}>
          <Input type="email" autoComplete="off" autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <Field label={t("inviteName")} error={fault("name")}>
          <Input autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("role")} error={fault("role")}>
          <RoleSelect role={role} giver={agent.role} onChange={setRole} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="primary" busy={send.isPending} disabled={!email.includes("@")}>{t("inviteSend")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}

function RoleSelect({ role, giver, onChange }: { role: Role; giver: Role; onChange: (role: Role) => void }) {
  const { id } = useField();
  return <Select label={t("role")} value={role} options={roleOptions(giver)} onChange={onChange} {...(id ? { id } : {})} />;
}
