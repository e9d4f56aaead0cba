import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Chip, CopyLine, Dialog, Field, Form, FormEnd, Input, Page, Qr, Row, Rows, say, Section, sentence } from "ui";
import { session, useOperator } from "../session.ts";
import { t } from "../words.ts";
import { beginFactor, confirmFactor } from "./api.ts";
import css from "./account.module.css";

export function Account() {
  const operator = useOperator();
  const [enrolling, setEnrolling] = useState(false);
  const on = operator.second_factor;
  return (
    <Page title={t("account")}>
      <Section title={t("profile")} flush>
        <Rows>
          <Row title={operator.name} text={operator.email} end={<Button onClick={() => void session.signOut()}>{t("signOut")}</Button>} />
        </Rows>
      </Section>
      <Section title={t("factor")} actions={<Chip tone={on ? "good" : "warn"}>{t(on ? "factorOn" : "factorOff")}</Chip>}>
        <div className={css["line"]}>
          <p>{t("factorText")}</p>
          {!on && <Button tone="primary" onClick={() => setEnrolling(true)}>{t("enrol")}</Button>}
        </div>
      </Section>
      {enrolling && <Enrol onClose={() => setEnrolling(false)} />}
    </Page>
  );
}

function Enrol({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState("");
  const begin = useMutation({ mutationFn: beginFactor });
  const digits = code.replace(/\s/g, "");
  const confirm = useMutation({
    mutationFn: () => confirmFactor(digits),
    onSuccess: () => {
      session.amend((grant) => ({ ...grant, operator: { ...grant.operator, second_factor: true } }));
      say(t("factorDone"));
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t("enrolTitle")} text={t("enrolText")}>
      {!begin.data && (
        <FormEnd>
          <Button tone="primary" busy={begin.isPending} onClick={() => begin.mutate()}>{t("enrol")}</Button>
          {begin.error && <span role="alert">{sentence(begin.error)}</span>}
        </FormEnd>
      )}
      {begin.data && (
        <>
          <div className={css["secret"]}>
            <Qr text={begin.data.otpauth_url} label={t("enrolQr")} />
          </div>
          <CopyLine label={t("enrolKey")} value={begin.data.secret} />
          <Form onSubmit={() => confirm.mutate()}>
            <Field label={t("code")} hint={t("codeHint")} error={confirm.error ? sentence(confirm.error) : null}>
              <Input inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(event) => setCode(event.target.value)} />
            </Field>
            <FormEnd>
              <Button type="submit" tone="primary" busy={confirm.isPending} disabled={digits.length !== 6}>{t("confirmCode")}</Button>
            </FormEnd>
          </Form>
        </>
      )}
    </Dialog>
  );
}
