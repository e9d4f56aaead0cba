import { useState, type ReactNode } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import type { WhatsAppNumber } from "wire";
import { Banner, Button, Confirm, Field, Form, Input, Pair, Row, Rows, say, Section, sentence } from "ui";
import { deregister, numbersKey, requestCode, savePin, verifyCode } from "./api.ts";
import { Register } from "./connect_numbers.tsx";
import { languageName, languages } from "./languages.ts";
import { isPin } from "./pin.ts";
import { Choice } from "./parts.tsx";
import { Refused } from "./refused.tsx";
import { t } from "./number_words.ts";
import css from "./whatsapp.module.css";

export function Registration({ number }: { number: WhatsAppNumber }) {
  if (number.coexistence)
    return (
      <Section title={t("registerTitle")}>
        <Banner>{t("coexistenceNote")}</Banner>
      </Section>
    );
  const isRegistered = number.state === "CONNECTED";
  return (
    <>
      <Section title={t("registerTitle")} text={t("registerText")}>
        {isRegistered ? (
          <p className={css["good"]}>
            <CircleCheck size={16} aria-hidden /> {t("isRegistered")}
          </p>
        ) : (
          <Register number={number} />
        )}
      </Section>
      {!isRegistered && <Verify number={number} />}
      <Pin number={number} />
      {isRegistered && <Leave number={number} />}
    </>
  );
}

const methods = ["SMS", "VOICE"] as const;

function Verify({ number }: { number: WhatsAppNumber }) {
  const client = useQueryClient();
  const [method, setMethod] = useState<(typeof methods)[number]>("SMS");
  const [language, setLanguage] = useState("en_GB");
  const [code, setCode] = useState("");
  const ask = useMutation({ mutationFn: () => requestCode(number.id, method, language), onSuccess: () => say(t("requested")) });
  const prove = useMutation({
    mutationFn: () => verifyCode(number.id, code),
    onSuccess: () => (setCode(""), say(t("verified"))),
    onSettled: () => client.invalidateQueries({ queryKey: numbersKey }),
  });
  return (
    <Section title={t("verifyTitle")} text={t("verifyText")}>
      <div className={css["stack"]}>
        <Form onSubmit={() => ask.mutate()}>
          <Pair>
            <Field label={t("method")}>
              <Choice label={t("method")} value={method} options={methods.map((value) => ({ value, label: t(`method.${value}`) }))} onChange={setMethod} />
            </Field>
            <Field label={t("codeLanguage")}>
              <Choice label={t("codeLanguage")} value={language} options={languages.map((value) => ({ value, label: languageName(value) }))} onChange={setLanguage} />
            </Field>
          </Pair>
          <Refused error={ask.error} />
          <div className={css["buttons"]}>
            <Button type="submit" busy={ask.isPending}>{t("request")}</Button>
          </div>
        </Form>
        <Digits label={t("code")} hint={t("codeHint")} value={code} onChange={setCode} onSubmit={() => prove.mutate()} action={<Button type="submit" tone="primary" busy={prove.isPending} disabled={!isPin(code)}>{t("verify")}</Button>} />
        <Refused error={prove.error} />
      </div>
    </Section>
  );
}

function Pin({ number }: { number: WhatsAppNumber }) {
  const [pin, setPin] = useState("");
  const save = useMutation({ mutationFn: () => savePin(number.id, pin), onSuccess: () => (setPin(""), say(t("pinSaved"))) });
  return (
    <Section title={t("pinTitle")} text={t("pinText")}>
      <Digits label={t("newPin")} hint={t("pinHint")} value={pin} onChange={setPin} onSubmit={() => save.mutate()} action={<Button type="submit" busy={save.isPending} disabled={!isPin(pin)}>{t("pinSave")}</Button>} />
      <Refused error={save.error} />
    </Section>
  );
}

type DigitsProps = { label: string; hint: string; value: string; onChange: (value: string) => void; onSubmit: () => void; action: ReactNode };

/** Six digits and the button that sends them. */
function Digits({ label, hint, value, onChange, onSubmit, action }: DigitsProps) {
  return (
    <Form onSubmit={() => isPin(value) && onSubmit()}>
      <div className={css["digitsLine"]}>
        <Field label={label} hint={hint}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} value={value} onChange={(event) => onChange(event.target.value.replace(/\D/g, ""))} />
        </Field>
        {action}
      </div>
    </Form>
  );
}

function Leave({ number }: { number: WhatsAppNumber }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const leave = useMutation({
    mutationFn: () => deregister(number.id),
    onSuccess: () => (setAsking(false), say(t("deregistered", { number: number.display }))),
    onSettled: () => client.invalidateQueries({ queryKey: numbersKey }),
  });
  return (
    <Section flush>
      <Rows>
        <Row title={t("deregisterRow")} text={t("deregisterRowText")} end={<Button tone="danger" onClick={() => setAsking(true)}>{t("deregister")}</Button>} />
      </Rows>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("deregisterTitle", { number: number.display })}
        text={t("deregisterText")}
        action={t("deregister")}
        busy={leave.isPending}
        error={leave.error ? sentence(leave.error) : null}
        onConfirm={() => leave.mutate()}
      />
    </Section>
  );
}
