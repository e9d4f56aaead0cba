import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Banner, Button, CopyBlock, CopyLine, Field, Form, FormEnd, Input, Pair, Password, Section, Segments } from "ui";
import { addApp, type App, appsKey } from "./api.ts";
import { Choice } from "./parts.tsx";
import { Refused } from "./refused.tsx";
import { t } from "./connect_words.ts";
import css from "./connect.module.css";

/** What the server listens for; the doctor complains about each that is missing. */
export const FIELDS = [
  "messages",
  "message_template_status_update",
  "template_category_update",
  "message_template_quality_update",
  "phone_number_quality_update",
  "phone_number_name_update",
  "account_update",
  "account_alerts",
  "business_capability_update",
  "security",
  "user_preferences",
  "smb_message_echoes",
  "smb_app_state_sync",
  "history",
];

export function AppStep({ known, onChosen }: { known: App[]; onChosen: (app: App) => void }) {
  // an app whose secrets were erased accepts nothing: it must get a secret first
  const usable = known.filter((app) => app.platform || app.secret_hint);
  const [way, setWay] = useState<"known" | "other">(usable.length > 0 ? "known" : "other");
  const [chosen, setChosen] = useState(usable[0]?.id ?? "");
  return (
    <Section title={t("appTitle")}>
      {usable.length > 0 && (
        <div className={css["way"]}>
          <Segments
            label={t("step.app")}
            value={way}
            options={[
              { value: "known", label: t("known") },
              { value: "other", label: t("other") },
            ]}
            onChange={setWay}
          />
        </div>
      )}
      {way === "other" ? (
        <NewApp onAdded={onChosen} />
      ) : (
        <Form onSubmit={() => usable.filter((app) => app.id === chosen).forEach(onChosen)}>
          <Field label={t("step.app")}>
            <Choice label={t("step.app")} value={chosen} options={usable.map((app) => ({ value: app.id, label: app.name, hint: app.meta_app_id }))} onChange={setChosen} />
          </Field>
          <FormEnd>
            <Button type="submit" tone="primary">{t("next")}</Button>
          </FormEnd>
        </Form>
      )}
    </Section>
  );
}

function NewApp({ onAdded }: { onAdded: (app: App) => void }) {
  const client = useQueryClient();
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const add = useMutation({
    mutationFn: () => addApp({ meta_app_id: id.trim(), name: name.trim() || t("step.app"), secret: secret.trim() }),
    onSuccess: (app) => {
      setSecret("");
      void client.invalidateQueries({ queryKey: appsKey });
      onAdded(app);
    },
  });
  return (
    <Form onSubmit={() => add.mutate()}>
      <Pair>
        <Field label={t("metaAppId")} hint={t("metaAppIdHint")}>
          <Input inputMode="numeric" autoComplete="off" value={id} onChange={(event) => setId(event.target.value)} />
        </Field>
        <Field label={t("appName")} hint={t("appNameHint")}>
          <Input autoComplete="off" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
      </Pair>
      <Field label={t("secret")} hint={t("secretHint")}>
        <Password autoComplete="off" spellCheck={false} value={secret} onChange={(event) => setSecret(event.target.value)} />
      </Field>
      <Refused error={add.error} />
      <FormEnd>
        <Button type="submit" tone="primary" busy={add.isPending} disabled={!id.trim() || !secret.trim()}>{t("addApp")}</Button>
      </FormEnd>
    </Form>
  );
}

/** What Meta must be told. The verify token is in the answer that made the app, and nowhere else. */
export function CallbackStep({ app, onDone }: { app: App; onDone: () => void }) {
  return (
    <Section title={t("callbackTitle")} text={t("callbackText")}>
      <div className={css["told"]}>
        <div className={css["lines"]}>
          <CopyLine label={t("callbackUrl")} value={app.callback_url} />
          <CopyLine label={t("verifyToken")} value={app.verify_token ?? ""} />
        </div>
        <Banner tone="warn">{t("once")}</Banner>
        <h3>{t("fieldsTitle")}</h3>
        <CopyBlock label={t("fields")} value={FIELDS.join("\n")} />
        <FormEnd>
          <Button tone="primary" onClick={onDone}>{t("didIt")}</Button>
        </FormEnd>
      </div>
    </Section>
  );
}
