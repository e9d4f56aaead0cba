import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "wire";
import { Button, Dialog, Field, Form, FormEnd, Input, Password, sentence } from "ui";
import { addApp, appsKey } from "./api.ts";
import { Told } from "./told.tsx";
import { t } from "./words.ts";

export function Add({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const [config, setConfig] = useState("");
  const add = useMutation({
    mutationFn: () => addApp({ meta_app_id: id.trim(), name: name.trim(), secret: secret.trim(), ...(config.trim() && { signup_config: config.trim() }) }),
    onSuccess: () => client.invalidateQueries({ queryKey: appsKey }),
  });
  const fault = (field: string) => (add.error instanceof Problem ? add.error.fields.find((one) => one.field === field)?.detail : undefined);
  const general = add.error && !["meta_app_id", "name", "secret", "signup_config"].some(fault) ? sentence(add.error) : undefined;
  if (add.data) return <Told callback={add.data.callback_url} token={add.data.verify_token} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t("add")} text={t("addText")}>
      <Form onSubmit={() => add.mutate()}>
        <Field label={t("metaAppId")} error={fault("meta_app_id") ?? general}>
          <Input inputMode="numeric" autoComplete="off" value={id} onChange={(event) => setId(event.target.value)} />
        </Field>
        <Field label={t("name")} hint={t("nameHint")} error={fault("name")}>
          <Input autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("secret")} error={fault("secret")}>
          <Password autoComplete="off" spellCheck={false} value={secret} onChange={(event) => setSecret(event.target.value)} />
        </Field>
        <Field label={t("signupConfig")} hint={t("signupHint")} error={fault("signup_config")}>
          <Input inputMode="numeric" autoComplete="off" value={config} onChange={(event) => setConfig(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="primary" busy={add.isPending} disabled={!id.trim() || !name.trim() || !secret.trim()}>{t("addAction")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
