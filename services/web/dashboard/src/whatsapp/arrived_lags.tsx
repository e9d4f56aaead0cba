import { useQuery } from "@tanstack/react-query";
import type { WhatsAppNumber } from "wire";
import { longAge, useNow } from "ui";
import { arrived, arrivedKey } from "./api.ts";
import type { ArrivedState } from "./address.ts";
import { lags, type Lag } from "./arrived_state.ts";
import { t } from "./arrived_words.ts";
import css from "./arrived.module.css";

type Props = { known: WhatsAppNumber[]; onChoose: (number: string | null, state: ArrivedState) => void };

/** How each number is doing: what waits since when, what failed, when something arrived last. */
export function NumberLags({ known, onChoose }: Props) {
  const { data } = useQuery({ queryKey: [...arrivedKey, "lag"], queryFn: latest, staleTime: 0, refetchInterval: 10_000 });
  const found = lags(data ?? []).filter((lag) => lag.number !== null);
  if (found.length === 0) return null;
  return (
    <ul className={css["lags"]} aria-label={t("lag")}>
      {found.map((lag) => (
        <One key={lag.number} lag={lag} name={known.find((one) => one.id === lag.number)?.display ?? t("noNumber")} onChoose={onChoose} />
      ))}
    </ul>
  );
}

/** The latest of everything, and what waits and failed however long ago. */
async function latest() {
  const pages = await Promise.all((["done", "ignored", "waiting", "failed"] as const).map((state) => arrived(state, null)));
  return pages.flatMap((page) => page.items);
}

function One({ lag, name, onChoose }: { lag: Lag; name: string; onChoose: Props["onChoose"] }) {
  const now = useNow();
  const worst = lag.failed > 0 ? "failed" : lag.waiting > 0 ? "waiting" : "all";
  const waits = lag.waiting > 0 && lag.since && `${t("waits", { n: lag.waiting })} ${t("since", { when: longAge(lag.since, now) })}`;
  const words = [lag.failed > 0 && t("fails", { n: lag.failed }), waits].filter(Boolean).join(" · ") || t("quiet");
  return (
    <li>
      <button type="button" data-state={worst} onClick={() => onChoose(lag.number, worst)}>
        <strong>{name}</strong>
        <span>{words}</span>
        <small>{t("last", { when: longAge(lag.last, now) })}</small>
      </button>
    </li>
  );
}
