import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Confirm, Failed, Field, Input, say, Section, Segments, sentence, Skeleton } from "ui";
import { retention, retentionKey, saveRetention, type Retention } from "./api.ts";
import { isShorter, whole } from "./settings_state.ts";
import { t } from "./words.ts";
import css from "./settings.module.css";

const MOST_DAYS = 3650;
const USUAL_DAYS = 90;
const sources = ["website", "whatsapp"] as const;
type Source = (typeof sources)[number];

export function RetentionForm() {
  const { data, isPending, error, refetch } = useQuery({ queryKey: retentionKey, queryFn: retention });
  return (
    <Section title={t("retention")} text={t("retentionText")}>
      {isPending && <Skeleton lines={2} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {data && <Form key={JSON.stringify(data)} known={data.files} />}
    </Section>
  );
}

type Draft = Record<Source, string | null>;

const draftOf = (files: Retention["files"]): Draft => ({ website: textOf(files.website), whatsapp: textOf(files.whatsapp) });
const textOf = (days: number | null) => (days === null ? null : String(days));
const daysOf = (text: string | null) => (text === null ? null : whole(text, 1, MOST_DAYS));

function Form({ known }: { known: Retention["files"] }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(known));
  const [asking, setAsking] = useState(false);
  const valid = sources.every((one) => draft[one] === null || daysOf(draft[one]) !== null);
  const next: Retention["files"] = { website: daysOf(draft.website), whatsapp: daysOf(draft.whatsapp) };
  const changed = sources.some((one) => draft[one] !== textOf(known[one]));
  const save = useMutation({
    mutationFn: () => saveRetention({ files: next }),
    onSuccess: (saved) => {
      setAsking(false);
      client.setQueryData(retentionKey, saved);
      say(t("keptSaved"));
    },
  });
  const begin = () => (isShorter(known, next) ? setAsking(true) : save.mutate());
  const fault = save.error ? sentence(save.error) : null;
  return (
    <div className={css["kept"]}>
      {sources.map((one) => (
        <Kept key={one} source={one} value={draft[one]} onChange={(value) => setDraft({ ...draft, [one]: value })} />
      ))}
      {fault && !asking && <p className={css["fault"]} role="alert">{fault}</p>}
      <div className={css["buttons"]}>
        <Button tone="primary" busy={save.isPending && !asking} disabled={!changed || !valid} onClick={begin}>{t("save")}</Button>
        {changed && <Button onClick={() => setDraft(draftOf(known))}>{t("discard")}</Button>}
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("shorterTitle")}
        text={t("shorterText")}
        action={t("shorterAction")}
        busy={save.isPending}
        error={fault}
        onConfirm={() => save.mutate()}
      />
    </div>
  );
}

function Kept({ source, value, onChange }: { source: Source; value: string | null; onChange: (value: string | null) => void }) {
  const wrong = value !== null && daysOf(value) === null;
  return (
    <div className={css["source"]}>
      <Segments
        label={t(`source.${source}`)}
        value={value === null ? "long" : "days"}
        options={[
          { value: "days", label: t("forDays") },
          { value: "long", label: t("asLong") },
        ]}
        onChange={(how) => onChange(how === "long" ? null : String(USUAL_DAYS))}
      />
      {value !== null && (
        <Field label={t("days")} hint={t("daysHint")} error={wrong ? t("wrongNumber", { from: 1, to: MOST_DAYS }) : null}>
          <Input inputMode="numeric" value={value} onChange={(event) => onChange(event.target.value)} />
        </Field>
      )}
    </div>
  );
}
