import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDownLeft, Inbox, RefreshCw, RotateCcw } from "lucide-react";
import type { WhatsAppItem, WhatsAppNumber } from "wire";
import { Button, Chip, clock, dayName, Empty, Failed, fullTime, IconButton, say, Section, Segments, Select, sentence, Skeleton, useNow, type Tone } from "ui";
import { go } from "../router.ts";
import { arrived, arrivedKey, numbers, numbersKey, replay } from "./api.ts";
import type { ArrivedState } from "./address.ts";
import { mayReplay } from "./arrived_state.ts";
import { NumberLags } from "./arrived_lags.tsx";
import { arrivedWhat, arrivedWhy } from "./meta_words.ts";
import { Shell } from "./parts.tsx";
import { t } from "./arrived_words.ts";
import css from "./arrived.module.css";

const states: readonly ArrivedState[] = ["all", "failed", "waiting", "ignored", "done"];
const tones: Record<WhatsAppItem["state"], Tone> = { done: "good", waiting: "accent", ignored: "neutral", failed: "bad" };

export function Arrived({ state, number }: { state: ArrivedState; number: string | null }) {
  const found = useQuery({ queryKey: numbersKey, queryFn: numbers });
  const query = useInfiniteQuery({
    queryKey: [...arrivedKey, state],
    queryFn: ({ pageParam }) => arrived(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
    refetchInterval: 10_000,
  });
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = lines.filter((line) => number === null || line.number_id === number);
  const known = found.data?.items ?? [];
  const turn = (change: { state?: ArrivedState; number?: string | null }) => go({ page: "whatsapp", part: { at: "arrived", state, number, ...change } }, "replace");
  return (
    <Shell current="arrived" manages>
      <NumberLags known={known} onChoose={(next, wanted) => turn({ number: next, state: wanted })} />
      <div className={css["filters"]}>
        <Segments label={t("state")} value={state} options={states.map((value) => ({ value, label: t(`state.${value}`) }))} onChange={(next) => turn({ state: next })} />
        {known.length > 1 && (
          <span className={css["number"]}>
            <Select
              label={t("number")}
              value={number ?? ""}
              options={[{ value: "", label: t("allNumbers") }, ...known.map((one) => ({ value: one.id, label: one.display }))]}
              onChange={(next) => turn({ number: next || null })}
            />
          </span>
        )}
      </div>
      <Section title={t("title")} text={state === "all" ? t("text") : t(`explain.${state}`)} actions={<Again busy={query.isFetching} onClick={() => void query.refetch()} />} flush>
        {query.isPending && <Skeleton lines={4} kind="rows" />}
        {query.error && lines.length === 0 && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && shown.length === 0 && <Nothing state={state} filtered={number !== null} />}
        <ul className={css["lines"]}>
          {shown.map((line) => (
            <Line key={`${line.delivery_id} ${line.nth}`} line={line} number={known.find((one) => one.id === line.number_id)} several={known.length > 1} />
          ))}
        </ul>
      </Section>
      {query.hasNextPage && <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("more")}</Button>}
    </Shell>
  );
}

const Again = ({ busy, onClick }: { busy: boolean; onClick: () => void }) => (
  <IconButton label={t("refresh")} onClick={onClick} aria-busy={busy || undefined}>
    <RefreshCw size={15} aria-hidden />
  </IconButton>
);

function Nothing({ state, filtered }: { state: ArrivedState; filtered: boolean }) {
  if (state === "all" && !filtered)
    return (
      <Empty icon={<Inbox size={20} aria-hidden />} title={t("none")}>
        {t("noneText")}
      </Empty>
    );
  return (
    <Empty icon={<Inbox size={20} aria-hidden />} title={t("noneOf")}>
      {t(state === "failed" ? "noneOfFailed" : "noneOfText")}
    </Empty>
  );
}

function Line({ line, number, several }: { line: WhatsAppItem; number: WhatsAppNumber | undefined; several: boolean }) {
  const now = useNow();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => replay(line.delivery_id),
    onSuccess: () => say(t("replayed")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: arrivedKey }),
  });
  const why = arrivedWhy(line.error);
  const what = arrivedWhat(line.kind, line.what);
  return (
    <li className={css["line"]} data-state={line.state}>
      <ArrowDownLeft size={16} aria-hidden />
      <div className={css["words"]}>
        <strong>{what}</strong>
        <span title={t("delivery", { id: line.delivery_id })}>{[several && (number?.display ?? t("noNumber")), why].filter(Boolean).join(" · ")}</span>
      </div>
      <Chip tone={tones[line.state]}>{t(`state.${line.state}`)}</Chip>
      <time dateTime={line.at} title={fullTime(line.at)}>
        {dayName(line.at, now)} {clock(line.at)}
      </time>
      <span className={css["act"]}>
        {mayReplay(line) && (
          <IconButton label={t("replayFor", { what, when: clock(line.at) })} aria-busy={again.isPending || undefined} onClick={() => again.mutate()}>
            <RotateCcw size={15} aria-hidden />
          </IconButton>
        )}
      </span>
    </li>
  );
}
