import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WhatsAppAccount } from "wire";
import { Button, Field, Form, FormEnd, Input, Password, Section } from "ui";
import { accountsKey, type App, connect, numbersKey, templatesKey } from "./api.ts";
import { Refused } from "./refused.tsx";
import { t } from "./connect_words.ts";
import css from "./connect.module.css";

type Props = { app: App; onBack: () => void; onConnected: (account: WhatsAppAccount) => void };

export function AccountStep({ app, onBack, onConnected }: Props) {
  const client = useQueryClient();
  const [waba, setWaba] = useState("");
  const [token, setToken] = useState("");
  const join = useMutation({
    mutationFn: () => connect({ app_id: app.id, waba_id: waba.trim(), token: token.trim() }),
    onSuccess: async (account) => {
      setToken("");
      await Promise.all([accountsKey, numbersKey, templatesKey].map((queryKey) => client.invalidateQueries({ queryKey })));
      onConnected(account);
    },
  });
  return (
    <Section title={t("accountTitle")}>
      <Form onSubmit={() => join.mutate()}>
        <Field label={t("wabaId")} hint={t("wabaIdHint")}>
          <Input inputMode="numeric" autoComplete="off" value={waba} onChange={(event) => setWaba(event.target.value)} />
        </Field>
        <Field label={t("token")} hint={t("tokenHint")}>
          <Password autoComplete="off" spellCheck={false} value={token} onChange={(event) => setToken(event.target.value)} />
        </Field>
        <Refused error={join.error} />
        <FormEnd>
          <Button type="submit" tone="primary" busy={join.isPending} disabled={!waba.trim() || !token.trim()}>{t("connect")}</Button>
          <Button onClick={onBack}>{t("previous")}</Button>
          {join.isPending && <span className={css["busy"]}>{t("connecting")}</span>}
        </FormEnd>
      </Form>
    </Section>
  );
}
