import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonPause, Play, Settings2, Smartphone, Stethoscope } from "lucide-react";
import type { WhatsAppNumber } from "wire";
import { Button, Chip, longAge, say, sentence, useNow } from "ui";
import { type Account, numbersKey, resume } from "./api.ts";
import { formatPart } from "./address.ts";
import { limit, nameStatus, numberState, problem, quality, remedy, type Said } from "./meta_words.ts";
import { Dotted, Fact, Facts, Mark, Standing } from "./parts.tsx";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

type Props = { number: WhatsAppNumber; account: Account | undefined; manages: boolean };

export function NumberCard({ number, account, manages }: Props) {
  const href = formatPart({ at: "number", id: number.id, tab: "settings" });
  const name = number.verified_name ?? number.display;
  return (
    <li className={css["card"]} data-bad={number.halted_at !== null || undefined}>
      <header className={css["cardHead"]}>
        <Mark />
        <div className={css["cardName"]}>
          <h2>{manages ? <a href={href}>{name}</a> : name}</h2>
          <span className={css["digits"]}>{number.display}</span>
        </div>
        <Standing said={standing(number, account)} />
      </header>
      {number.halted_at && <Halted number={number} manages={manages} />}
      <Facts>
        <Fact label={t("quality")}>
          <Dotted said={quality(number.quality)} />
        </Fact>
        <Fact label={t("limit")}>{limit(number.tier ?? account?.messaging_limit ?? null)}</Fact>
        <Fact label={t("speed")}>{t("perSecond", { n: number.per_second })}</Fact>
        <Fact label={t("name")}>
          <Dotted said={nameStatus(number.name_status)} />
        </Fact>
      </Facts>
      <footer className={css["cardFoot"]}>
        {manages && (
          <>
            <a href={href}>
              <Settings2 size={14} aria-hidden /> {t("settings")}
            </a>
            <a href={formatPart({ at: "number", id: number.id, tab: "doctor" })}>
              <Stethoscope size={14} aria-hidden /> {t("doctor")}
            </a>
          </>
        )}
        {number.coexistence && (
          <Chip icon={<Smartphone size={12} aria-hidden />} tone="accent">
            {t("coexistence")}
          </Chip>
        )}
      </footer>
    </li>
  );
}

/** One word for how a number is doing. */
export function standing(number: WhatsAppNumber, account: Account | undefined): Said {
  if (account?.state === "disconnected") return { text: t("disconnected"), tone: "neutral" };
  if (number.halted_at) return { text: t("stopped"), tone: "bad" };
  return number.state === "CONNECTED" ? { text: t("working"), tone: "good" } : numberState(number.state);
}

/** Since when nothing is sent, why, what to do, and the way on. */
export function Halted({ number, manages }: { number: WhatsAppNumber; manages: boolean }) {
  const now = useNow();
  const client = useQueryClient();
  const on = useMutation({
    mutationFn: () => resume(number.id),
    onSuccess: () => say(t("resumed", { name: number.verified_name ?? number.display })),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: numbersKey }),
  });
  if (!number.halted_at) return null;
  return (
    <div className={css["halted"]} role="status">
      <OctagonPause size={16} aria-hidden />
      <div>
        <strong>{t("haltedSince", { when: longAge(number.halted_at, now) })}</strong>
        <p>
          {problem(number.halted_reason)} {remedy(number.halted_reason)}
        </p>
      </div>
      {manages && (
        <Button size="s" busy={on.isPending} icon={<Play size={13} aria-hidden />} onClick={() => on.mutate()}>
          {t("resume")}
        </Button>
      )}
    </div>
  );
}
