import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Field, Form, FormEnd, Input, Page, say, Section, sentence } from "ui";
import { mayManage, session, useSelf } from "../session.ts";
import { saveTenant } from "./api.ts";
import { t } from "./words.ts";

export function SettingsScreen() {
  const { tenant, agent } = useSelf();
  const allowed = mayManage(agent.role);
  const [name, setName] = useState(tenant.name);
  const save = useMutation({
    mutationFn: () => saveTenant({ name: name.trim() }),
    onSuccess: (saved) => {
      session.amend((grant) => ({ ...grant, tenant: saved }));
      say(t("saved"));
    },
  });
  return (
    <Page title={t("settings")} text={t("settingsText")}>
      <Section title={t("teamName")}>
        <Form onSubmit={() => save.mutate()}>
          <Field label={t("name")} hint={t(allowed ? "teamNameHint" : "readOnly")} error={save.error ? sentence(save.error) : null}>
            <Input value={name} disabled={!allowed} onChange={(event) => setName(event.target.value)} />
          </Field>
          {allowed && (
            <FormEnd>
              <Button type="submit" tone="primary" busy={save.isPending} disabled={!name.trim() || name.trim() === tenant.name}>{t("save")}</Button>
            </FormEnd>
          )}
        </Form>
      </Section>
    </Page>
  );
}
