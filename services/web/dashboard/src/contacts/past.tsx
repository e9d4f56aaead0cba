import { useQuery } from "@tanstack/react-query";
import { Chip, shortAge, Skeleton, useNow } from "ui";
import { goInbox } from "../router.ts";
import { statusTone } from "../inbox/status.tsx";
import { t as inboxWords } from "../inbox/words.ts";
import { conversationsOf } from "./api.ts";
import { t } from "./words.ts";
import css from "./panel.module.css";

export function Past({ contact, current }: { contact: string; current: string }) {
  const now = useNow();
  const { data, isPending, isError } = useQuery({
    queryKey: ["contacts", contact, "conversations"],
    queryFn: () => conversationsOf(contact),
    staleTime: 30_000,
  });
  const others = data?.items.filter((one) => one.id !== current) ?? [];
  return (
    <section className={css["part"]} aria-label={t("past")}>
      <h3>{t("past")}</h3>
      {isPending && <Skeleton lines={2} />}
      {isError && <p className={css["quiet"]}>{t("pastFailed")}</p>}
      {data && others.length === 0 && <p className={css["quiet"]}>{t("pastNone")}</p>}
      <ul className={css["past"]}>
        {others.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => goInbox({ conversation: one.id })}>
              <span>{one.preview || inboxWords(one.source)}</span>
              <span className={css["pastMeta"]}>
                <Chip tone={statusTone[one.status]}>{inboxWords(one.status)}</Chip>
                {shortAge(one.last_message_at, now)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
