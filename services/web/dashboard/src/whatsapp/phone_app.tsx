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
    refetchInterval: ({ state }) => (state.data && going(state.data) ? LOOK_MS : false),
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
          {!going(data) && data.state !== "done" && (
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

const going = ({ state }: Import): boolean => state === "asked" || state === "receiving" || state === "writing";

function Progress({ now }: { now: Import }) {
  const clock = useNow();
  const counted = [
    now.messages + now.people > 0 && t("importMessages", { n: now.messages }),
    now.messages + now.people > 0 && t("importPeople", { n: now.people }),
    now.asked_at && t("importAsked", { when: longAge(now.asked_at, clock) }),
  ];
  return (
    <div role="status" className={css["import"]}>
      <p>
        {t(`import.${now.state}`)} {now.problem}
      </p>
      {now.state === "receiving" && <progress aria-label={t("importProgress")} max={100} value={now.progress} />}
      <p className={css["counted"]}>{counted.filter(Boolean).join(" · ")}</p>
    </div>
  );
}
