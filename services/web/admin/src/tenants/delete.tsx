import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { sizeText } from "wire";
import { Button, Dialog, Failed, Field, Form, FormEnd, Input, say, sentence, Skeleton, Textarea } from "ui";
import { t } from "../words.ts";
import { Facts } from "../system/facts.tsx";
import { deleteTenant, deletionKey, previewDeletion, tenantsKey, type TenantDetail } from "./api.ts";

/** Everything of a client goes in a week: what that is stands there, the name is typed, the reason is kept. */
export function Delete({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const going = useQuery({ queryKey: deletionKey(tenant.id), queryFn: () => previewDeletion(tenant.id), staleTime: 0, gcTime: 0 });
  const remove = useMutation({
    mutationFn: () => deleteTenant(tenant.id, reason.trim()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: tenantsKey });
      say(t("deletionPlanned", { name: tenant.name }));
      onClose();
    },
  });
  const ready = going.data !== undefined && typed.trim() === tenant.name && reason.trim() !== "";
  return (
    <Dialog open onClose={onClose} title={t("deleteTitle", { name: tenant.name })} text={t("deleteText", { n: going.data?.delay_days ?? 7 })}>
      <Form onSubmit={() => ready && remove.mutate()}>
        {going.isPending && <Skeleton lines={2} />}
        {going.error && <Failed error={going.error} onRetry={() => void going.refetch()} />}
        {going.data && <Facts facts={counted(going.data)} />}
        <Field label={t("reason")} hint={t("reasonHint")} error={remove.error ? sentence(remove.error) : null}>
          <Textarea value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Field label={t("typeName", { word: tenant.name })}>
          <Input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="danger" busy={remove.isPending} disabled={!ready}>{t("delete")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}

const counted = ({ people, conversations, files, bytes }: { people: number; conversations: number; files: number; bytes: number }) => ({
  people,
  conversations,
  files,
  size: sizeText(bytes, navigator.language),
});
