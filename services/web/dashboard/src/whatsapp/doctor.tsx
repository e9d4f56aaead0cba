import { useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, RefreshCw, Send } from "lucide-react";
import type { WhatsAppCheck, WhatsAppNumber } from "wire";
import { Button, CopyButton, Failed, Field, Form, Input, longAge, Section, Skeleton, useNow } from "ui";
import { examine, loop, numberKey } from "./api.ts";
import { formatPart } from "./address.ts";
import { addressIn, counted, sorted } from "./doctor_state.ts";
import { plain } from "./meta_words.ts";
import { Refused } from "./refused.tsx";
import { t } from "./number_words.ts";
import css from "./doctor.module.css";

export function Doctor({ number }: { number: WhatsAppNumber }) {
  const now = useNow();
  const { data, isFetching, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: numberKey(number.id, "doctor"),
    queryFn: () => examine(number.id),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const again = (
    <Button busy={isFetching} icon={<RefreshCw size={14} aria-hidden />} onClick={() => void refetch()}>
      {t(isFetching ? "running" : "again")}
    </Button>
  );
  return (
    <>
      <Section title={t("doctorTitle")} text={t("doctorText")} actions={again} flush>
        {!data && isFetching && <Skeleton lines={6} kind="rows" />}
        {!data && error && <Failed error={error} onRetry={() => void refetch()} />}
        {data && (
          <>
            <Verdict checks={data.checks} when={t("lookedAt", { when: longAge(dataUpdatedAt, now) })} />
            <ul className={css["lines"]} aria-busy={isFetching}>
              {sorted(data.checks).map((line) => (
                <Line key={line.check} line={line} number={number} />
              ))}
            </ul>
          </>
        )}
      </Section>
      <Loop number={number} />
    </>
  );
}

function Verdict({ checks, when }: { checks: WhatsAppCheck[]; when: string }) {
  const { failing, unknown } = counted(checks);
  const words = [failing > 0 && t("failing", { n: failing }), unknown > 0 && t("unsure", { n: unknown })].filter(Boolean).join(" · ") || t("healthy");
  return (
    <div className={css["verdict"]} data-state={failing > 0 ? "failing" : unknown > 0 ? "unknown" : "ok"} role="status">
      <strong>{words}</strong>
      <span>{when}</span>
    </div>
  );
}

const signs = { ok: CircleCheck, failing: CircleAlert, unknown: CircleHelp };

export function Line({ line, number }: { line: WhatsAppCheck; number: WhatsAppNumber }) {
  const Sign = signs[line.state];
  const address = line.fix ? addressIn(line.fix) : null;
  const way = line.state === "failing" ? wayTo(line.check, number) : null;
  return (
    <li className={css["line"]} data-state={line.state}>
      <Sign size={18} role="img" aria-label={t(`verdict.${line.state}`)} />
      <div className={css["words"]}>
        <h3>{nameOf(line.check)}</h3>
        <p>{line.text}</p>
        {line.fix && (
          <div className={css["fix"]}>
            <span>{t("fix")}</span>
            <p>{line.fix}</p>
            {address && <CopyButton text={address} />}
            {way && <a href={way.href}>{way.label}</a>}
          </div>
        )}
      </div>
    </li>
  );
}

type Named = Parameters<typeof t>[0];

/** A check nobody knew when this was written is shown by its own word. */
function nameOf(check: string): string {
  const key = `check.${check}` as Named;
  const name = t(key);
  return name === undefined || name === key ? plain(check) : name;
}

function wayTo(check: string, number: WhatsAppNumber): { href: string; label: string } | null {
  if (["token", "token_scopes", "account", "subscribed_apps"].includes(check)) return { href: formatPart({ at: "overview" }), label: t("go.token") };
  if (check === "registration") return { href: formatPart({ at: "number", id: number.id, tab: "registration" }), label: t("go.registration") };
  if (check === "templates") return { href: formatPart({ at: "templates", status: "", q: "" }), label: t("go.templates") };
  if (check === "deliveries") return { href: formatPart({ at: "arrived", state: "failed", number: number.id }), label: t("go.deliveries") };
  return null;
}

function Loop({ number }: { number: WhatsAppNumber }) {
  const [phone, setPhone] = useState("");
  const send = useMutation({ mutationFn: () => loop(number.id, phone.trim()) });
  return (
    <Section title={t("loopTitle")} text={t("loopText")}>
      <Form onSubmit={() => phone.trim() !== "" && send.mutate()}>
        <div className={css["loop"]}>
          <Field label={t("loopPhone")} hint={t("loopPhoneHint")}>
            <Input type="tel" autoComplete="tel" value={phone} onChange={(event) => setPhone(event.target.value)} />
          </Field>
          <Button type="submit" busy={send.isPending} disabled={phone.trim() === ""} icon={<Send size={14} aria-hidden />}>{t("loopSend")}</Button>
        </div>
        <Refused error={send.error} />
        {send.data && (
          <ul className={css["answer"]}>
            <Line line={send.data} number={number} />
          </ul>
        )}
      </Form>
    </Section>
  );
}
