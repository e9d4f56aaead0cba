import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "wire";
import { Banner, Button, Chip, Field, Input, Pair, say, Section, Select, sentence, Toggle, useField } from "ui";
import { policyKey, rulesKey, saveFilePolicy, type FilePolicy, type KnownPolicy } from "./api.ts";
import { sizeText } from "./kinds.ts";
import { bytesOf, draftOf, MB, policyOf, samePolicy, whole, type PolicyDraft } from "./settings_state.ts";
import { TypeChoices } from "./type_choices.tsx";
import { t } from "./words.ts";
import css from "./settings.module.css";

export function PolicyForm({ known }: { known: KnownPolicy }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(known));
  const policy = policyOf(draft, known);
  const changed = policy === null || !samePolicy(policy, known);
  const save = useMutation({
    mutationFn: (wanted: FilePolicy) => saveFilePolicy(wanted),
    onSuccess: (saved) => {
      client.setQueryData(policyKey, saved);
      void client.invalidateQueries({ queryKey: rulesKey });
      setDraft(draftOf(saved));
      say(t("saved"));
    },
  });
  const faults = save.error instanceof Problem ? save.error.fields : [];
  const change = (part: Partial<PolicyDraft>) => setDraft({ ...draft, ...part });
  return (
    <>
      <Limits draft={draft} known={known} onChange={change} />
      <Section title={t("types")} text={t("typesText")}>
        <TypeChoices types={draft.types} ceiling={known.ceiling.types} onChange={(types) => change({ types })} />
        {draft.types.length === 0 && <p className={css["fault"]} role="alert">{t("typesNone")}</p>}
        <div className={css["legacy"]}>
          <Toggle
            label={t("legacy")}
            text={t(known.scanning ? "legacyText" : "legacyOff")}
            checked={draft.legacy_office}
            disabled={!known.scanning && !draft.legacy_office}
            onChange={(legacy_office) => change({ legacy_office })}
          />
        </div>
      </Section>
      <Scanning draft={draft} scanning={known.scanning} onChange={change} />
      <div className={css["bar"]} data-changed={changed || undefined}>
        {save.error && <Banner tone="bad">{faults.map((one) => one.detail).join(" ") || sentence(save.error)}</Banner>}
        <div className={css["buttons"]}>
          <Button tone="primary" busy={save.isPending} disabled={!changed || policy === null} onClick={() => policy && save.mutate(policy)}>{t("save")}</Button>
          {changed && <Button onClick={() => setDraft(draftOf(known))}>{t("discard")}</Button>}
          {changed && <Chip tone="warn">{t("unsaved")}</Chip>}
        </div>
      </div>
    </>
  );
}

type PartProps = { draft: PolicyDraft; onChange: (change: Partial<PolicyDraft>) => void };

function Limits({ draft, known: { ceiling }, onChange }: PartProps & { known: KnownPolicy }) {
  const most = Math.floor(ceiling.max_bytes / MB);
  const wrong = (isFine: boolean, from: number, to: number) => (isFine ? null : t("wrongNumber", { from, to }));
  return (
    <Section title={t("limits")} text={t("limitsText")}>
      <Pair>
        <Field label={t("most")} hint={t("mostHint", { n: ceiling.most })} error={wrong(whole(draft.most, 0, ceiling.most) !== null, 0, ceiling.most)}>
          <Input inputMode="numeric" value={draft.most} onChange={(event) => onChange({ most: event.target.value })} />
        </Field>
        <Field label={t("size")} hint={t("sizeHint", { size: sizeText(ceiling.max_bytes) })} error={wrong(bytesOf(draft.size, ceiling.max_bytes) !== null, 1, most)}>
          <Input inputMode="decimal" value={draft.size} onChange={(event) => onChange({ size: event.target.value })} />
        </Field>
      </Pair>
    </Section>
  );
}

const away = ["hold", "refuse", "warn"] as const;
const tooLarge = ["refuse", "warn"] as const;

function Scanning({ draft: { scan }, scanning, onChange }: PartProps & { scanning: boolean }) {
  if (!scanning)
    return (
      <Section title={t("scanning")}>
        <p className={css["quiet"]}>{t("scanningOff")}</p>
      </Section>
    );
  return (
    <Section title={t("scanning")} text={t("scanningText")}>
      <Pair>
        <Field label={t("away")}>
          <Choice
            label={t("away")}
            value={scan.away}
            options={away.map((value) => ({ value, label: t(`away.${value}`) }))}
            onChange={(value) => onChange({ scan: { ...scan, away: value } })}
          />
        </Field>
        <Field label={t("tooLarge")}>
          <Choice
            label={t("tooLarge")}
            value={scan.too_large}
            options={tooLarge.map((value) => ({ value, label: t(`tooLarge.${value}`) }))}
            onChange={(value) => onChange({ scan: { ...scan, too_large: value } })}
          />
        </Field>
      </Pair>
    </Section>
  );
}

type ChoiceProps<T extends string> = { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void };

function Choice<T extends string>(props: ChoiceProps<T>) {
  const { id } = useField();
  return <Select {...props} {...(id ? { id } : {})} />;
}
