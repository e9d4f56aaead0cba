import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Problem } from "wire";
import { Button, Field, Form, FormEnd, Input, Page, Pair, Password, say, Section, sentence } from "ui";
import { session, useSelf } from "../session.ts";
import { changePassword, saveMe } from "./api.ts";
import { Devices } from "./devices.tsx";
import { Factor } from "./factor.tsx";
import { t } from "./words.ts";

export function AccountScreen() {
  return (
    <Page title={t("account")}>
      <Profile />
      <Factor />
      <PasswordForm />
      <Devices />
    </Page>
  );
}

function Profile() {
  const { agent } = useSelf();
  const [name, setName] = useState(agent.name);
  const save = useMutation({
    mutationFn: () => saveMe({ name: name.trim() }),
    onSuccess: () => {
      session.amend((grant) => ({ ...grant, agent: { ...grant.agent, name: name.trim() } }));
      say(t("saved"));
    },
  });
  return (
    <Section title={t("profile")}>
      <Form onSubmit={() => save.mutate()}>
        <Pair>
          <Field label={t("name")} hint={t("nameHint")} error={save.error ? sentence(save.error) : null}>
            <Input value={name} autoComplete="name" onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t("email")} hint={t(`role.${agent.role}`)}>
            <Input value={agent.email} disabled />
          </Field>
        </Pair>
        <FormEnd>
          <Button type="submit" tone="primary" busy={save.isPending} disabled={!name.trim() || name.trim() === agent.name}>{t("save")}</Button>
        </FormEnd>
      </Form>
    </Section>
  );
}

function PasswordForm() {
  const { agent } = useSelf();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const short = next.length > 0 && next.length < 12;
  const save = useMutation({
    mutationFn: () => changePassword({ current_password: current, new_password: next }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      say(t("passwordChanged"));
    },
  });
  const fault = (field: string) => (save.error instanceof Problem ? save.error.fields.find((one) => one.field === field)?.detail : undefined);
  const general = save.error && !fault("new_password") ? (fault("current_password") ?? sentence(save.error)) : null;
  return (
    <Section title={t("passwordTitle")}>
      <Form onSubmit={() => save.mutate()}>
        <input type="text" hidden autoComplete="username" value={agent.email} readOnly />
        <Pair>
          <Field label={t("currentPassword")} error={general}>
            <Password autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.target.value)} />
          </Field>
          <Field label={t("newPassword")} hint={t("passwordHint")} error={fault("new_password") ?? (short ? t("passwordShort") : null)}>
            <Password autoComplete="new-password" value={next} onChange={(event) => setNext(event.target.value)} />
          </Field>
        </Pair>
        <FormEnd>
          <Button type="submit" busy={save.isPending} disabled={!current || next.length < 12}>{t("changePassword")}</Button>
        </FormEnd>
      </Form>
    </Section>
  );
}
