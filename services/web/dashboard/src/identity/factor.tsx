import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Chip, CopyLine, Dialog, Field, Form, FormEnd, Input, Qr, say, Section, sentence } from "ui";
import { session, useSelf } from "../session.ts";
import { beginFactor, confirmFactor, disableFactor } from "./api.ts";
import { t } from "./words.ts";
import css from "./factor.module.css";

export function Factor() {
  const { agent } = useSelf();
  const [open, setOpen] = useState(false);
  const done = (on: boolean) => {
    session.amend((grant) => ({ ...grant, agent: { ...grant.agent, second_factor: on } }));
    say(t(on ? "factorDone" : "factorGone"));
    setOpen(false);
  };
  const chip = <Chip tone={agent.second_factor ? "good" : "warn"}>{t(agent.second_factor ? "factorOn" : "factorOff")}</Chip>;
  return (
    <Section title={t("factor")} actions={chip}>
      <div className={css["line"]}>
        <p>{t("factorText")}</p>
        <Button onClick={() => setOpen(true)}>{t(agent.second_factor ? "disable" : "enrol")}</Button>
      </div>
      {open && (agent.second_factor ? <Disable onClose={() => setOpen(false)} onDone={() => done(false)} /> : <Enrol onClose={() => setOpen(false)} onDone={() => done(true)} />)}
    </Section>
  );
}

type Props = { onClose: () => void; onDone: () => void };

function Enrol({ onClose, onDone }: Props) {
  const begin = useMutation({ mutationFn: beginFactor });
  const confirm = useMutation({ mutationFn: confirmFactor, onSuccess: onDone });
  const secret = begin.data;
  return (
    <Dialog open onClose={onClose} title={t("enrolTitle")} text={t("enrolText")}>
      {!secret && (
        <FormEnd>
          <Button tone="primary" busy={begin.isPending} onClick={() => begin.mutate()}>{t("enrol")}</Button>
          {begin.error && <span role="alert">{sentence(begin.error)}</span>}
        </FormEnd>
      )}
      {secret && (
        <>
          <div className={css["secret"]}>
            <Qr text={secret.otpauth_url} label={t("enrolQr")} />
          </div>
          <div className={css["lines"]}>
            <CopyLine label={t("enrolKey")} value={secret.secret} />
          </div>
          <CodeForm busy={confirm.isPending} error={confirm.error} action={t("confirmCode")} onCode={confirm.mutate} />
        </>
      )}
    </Dialog>
  );
}

function Disable({ onClose, onDone }: Props) {
  const disable = useMutation({ mutationFn: disableFactor, onSuccess: onDone });
  return (
    <Dialog open onClose={onClose} title={t("disableTitle")} text={t("disableText")}>
      <CodeForm busy={disable.isPending} error={disable.error} action={t("disable")} onCode={disable.mutate} />
    </Dialog>
  );
}

function CodeForm({ busy, error, action, onCode }: { busy: boolean; error: unknown; action: string; onCode: (code: string) => void }) {
  const [code, setCode] = useState("");
  const digits = code.replace(/\s/g, "");
  return (
    <Form onSubmit={() => onCode(digits)}>
      <Field label={t("code")} hint={t("codeHint")} error={error ? sentence(error) : null}>
        <Input inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(event) => setCode(event.target.value)} />
      </Field>
      <FormEnd>
        <Button type="submit" tone="primary" busy={busy} disabled={digits.length !== 6}>{action}</Button>
      </FormEnd>
    </Form>
  );
}
