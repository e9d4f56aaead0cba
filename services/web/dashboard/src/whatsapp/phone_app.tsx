import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { WhatsAppNumber } from "wire";
import { Button, Failed, longAge, Section, Skeleton, useNow } from "ui";
import { beginImport, importState, numberKey, type Import } from "./api.ts";
import { Refused } from "./refused.tsx";
import { t } from "./number_words.ts";
import css from "./whatsapp.module.css";

const LOOK_MS = 3_000;

export function PhoneApp({ number }: { number: WhatsAppNumber }) {
  const key = numberKey(number.id, "import");
  const client = useQueryClient();
  const { data, isPending, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => importState(number.id),
    // it comes in chunks, in no order: asked again while it goes on
    refetchInterval: ({ state }) => (state.data && ["asked", "running"].includes(state.data.state) ? LOOK_MS : false),
  });
  const begin = useMutation({ mutationFn: () => beginImport(number.id), onSuccess: (now) => client.setQueryData(key, now) });
  return (
    <Section title={t("importTitle")} text={t("importText")}>
      {isPending && <Skeleton lines={1} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className={css["stack"]}>
          <Progress now={data} />
          <Refused error={begin.error} />
          <Until now={data} />
          {data.state !== "running" && data.state !== "asked" && data.state !== "done" && (
            <div className={css["buttons"]}>
              <Button tone="primary" busy={begin.isPending} icon={<Download size={14} aria-hidden />} onClick={() => begin.mutate()}>
                {t(data.state === "none" ? "importBegin" : "importAgain")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

function Progress({ now }: { now: Import }) {
  const counted = [t("importMessages", { n: now.messages }), t("importConversations", { n: now.conversations }), t("importContacts", { n: now.contacts })];
  const hasBegun = now.messages + now.conversations + now.contacts > 0;
  return (
    <div role="status" className={css["import"]}>
      <p>{t(`import.${now.state}`)} {now.error}</p>
      {now.progress !== null && now.state === "running" && <progress aria-label={t("importProgress")} max={100} value={now.progress} />}
      {hasBegun && <p className={css["counted"]}>{counted.join(" · ")}</p>}
    </div>
  );
}

function Until({ now }: { now: Import }) {
  const clock = useNow();
  if (!now.may_ask_until || now.state === "done") return null;
  const isOver = Date.parse(now.may_ask_until) < clock;
  return <p className={css["counted"]}>{isOver ? t("importOver") : t("importUntil", { when: longAge(now.may_ask_until, clock) })}</p>;
}
