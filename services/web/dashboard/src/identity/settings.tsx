import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Field, Form, FormEnd, Input, Page, say, Section, sentence, Tabs } from "ui";
import { FileSettings } from "../files/settings.tsx";
import { format, type SettingsTab } from "../router.ts";
import { mayManage, session, useSelf } from "../session.ts";
import { saveTenant } from "./api.ts";
import { t } from "./words.ts";

const tabs: readonly SettingsTab[] = ["team", "files"];

export function SettingsScreen({ tab }: { tab: SettingsTab }) {
  const items = tabs.map((one) => ({ href: format({ page: "settings", tab: one }), label: t(`tab.${one}`), current: one === tab }));
  // WhatsApp has a page of its own: it is as large as all the others together
  items.push({ href: format({ page: "whatsapp", part: { at: "overview" } }), label: t("tab.whatsapp"), current: false });
  return (
    <Page title={t("settings")} text={t("settingsText")}>
      <Tabs label={t("settings")} items={items} />
      {tab === "team" ? <TeamName /> : <FileSettings />}
    </Page>
  );
}

function TeamName() {
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
  );
}
