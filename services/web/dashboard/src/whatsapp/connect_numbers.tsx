import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import type { WhatsAppAccount, WhatsAppNumber } from "wire";
import { Button, Chip, Failed, Field, Form, Input, Row, Rows, say, Section, Skeleton } from "ui";
import { go } from "../router.ts";
import { numbers, numbersKey, register } from "./api.ts";
import { isPin } from "./pin.ts";
import { Mark } from "./parts.tsx";
import { Refused } from "./refused.tsx";
import { t } from "./connect_words.ts";
import css from "./connect.module.css";

export function NumbersStep({ account }: { account: WhatsAppAccount }) {
  const { data, isPending, error, refetch } = useQuery({ queryKey: numbersKey, queryFn: numbers });
  const found = data?.items.filter((number) => number.account_id === account.id) ?? [];
  const [first] = found;
  return (
    <>
      <Section title={t("numbersTitle")} text={account.name} flush>
        {isPending && <Skeleton lines={1} />}
        {error && <Failed error={error} onRetry={() => void refetch()} />}
        {data && found.length === 0 && <p className={css["none"]}>{t("numbersNone")}</p>}
        <Rows>
          {found.map((number) => (
            <Found key={number.id} number={number} />
          ))}
        </Rows>
      </Section>
      {first && (
        <Section title={t("finishTitle")}>
          <p className={css["finish"]}>
            <CircleCheck size={18} aria-hidden /> {t("finishText")}
          </p>
          <div className={css["ends"]}>
            <Button tone="primary" onClick={() => go({ page: "whatsapp", part: { at: "number", id: first.id, tab: "doctor" } })}>{t("runDoctor")}</Button>
            <Button onClick={() => go({ page: "whatsapp", part: { at: "overview" } })}>{t("toNumbers")}</Button>
          </div>
        </Section>
      )}
    </>
  );
}

function Found({ number }: { number: WhatsAppNumber }) {
  const isReady = number.state === "CONNECTED" || number.coexistence;
  return (
    <>
      <Row
        lead={<Mark size={15} />}
        title={
          <>
            {number.verified_name ?? number.display} <Chip tone={isReady ? "good" : "warn"}>{t(isReady ? "registered" : "needsPin")}</Chip>
          </>
        }
        text={number.coexistence ? `${number.display} · ${t("onPhone")}` : number.display}
      />
      {!isReady && (
        <li className={css["register"]}>
          <Register number={number} />
        </li>
      )}
    </>
  );
}

export function Register({ number }: { number: WhatsAppNumber }) {
  const client = useQueryClient();
  const [pin, setPin] = useState("");
  const join = useMutation({
    mutationFn: () => register(number.id, pin),
    onSuccess: () => {
      setPin("");
      say(t("registerDone", { number: number.display }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: numbersKey }),
  });
  return (
    <Form onSubmit={() => isPin(pin) && join.mutate()}>
      <div className={css["pin"]}>
        <Field label={t("pin")} hint={t("pinHint")}>
          <Input inputMode="numeric" autoComplete="off" maxLength={6} value={pin} onChange={(event) => setPin(event.target.value.replace(/\D/g, ""))} />
        </Field>
        <Button type="submit" tone="primary" busy={join.isPending} disabled={!isPin(pin)}>{t("register")}</Button>
      </div>
      <Refused error={join.error} />
    </Form>
  );
}
