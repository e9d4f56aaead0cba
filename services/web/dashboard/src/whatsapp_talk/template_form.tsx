import { useMemo, useRef, useState } from "react";
import { ArrowLeft, SendHorizontal } from "lucide-react";
import { Button, Field, Form, Input } from "ui";
import type { WhatsAppTemplate } from "wire";
import type { FilledTemplate } from "./api.ts";
import { HeaderFile } from "./header_file.tsx";
import { firstValues, isBlank, keyOf, languageName, missingGaps, partsOf, sentValues, type Gap, type TemplateParts, type Values } from "./template.ts";
import { TemplatePreview } from "./template_preview.tsx";
import { useHeaderFile } from "./use_header_file.ts";
import { t } from "./words.ts";
import css from "./picker.module.css";

type Props = {
  template: WhatsAppTemplate;
  person: string | null;
  conversation: string | null;
  action: string;
  busy: boolean;
  error: string | null;
  onChange: () => void;
  onSend: (filled: FilledTemplate) => void;
  onBack: () => void;
};

/** One template: its gaps to be filled, and what it says with them. */
export function TemplateForm({ template, person, conversation, action, busy, error, onChange, onSend, onBack }: Props) {
  const parts = useMemo(() => partsOf(template), [template]);
  const [values, setValues] = useState<Values>(() => firstValues(parts, person));
  const [pressed, setPressed] = useState(false);
  const header = useHeaderFile(conversation);
  const form = useRef<HTMLDivElement>(null);
  const missing = missingNames(parts, values, header.file !== null);
  const blank = parts.gaps.some((gap) => isBlank(values[keyOf(gap)] ?? ""));
  const isPlace = parts.media === "LOCATION";
  const send = () => {
    setPressed(true);
    if (missing.length > 0) return firstEmpty(form.current)?.focus();
    if (blank || isPlace || (parts.media && !header.ready)) return;
    onSend({ template_id: template.id, values: { ...sentValues(parts, values), ...(header.file && { file_id: header.file.id }) } });
  };
  const change = (gap: Gap, value: string) => {
    setValues({ ...values, [keyOf(gap)]: value });
    onChange();
  };
  return (
    <div className={css["form"]} ref={form}>
      <div className={css["formHead"]}>
        <span className={css["formBack"]}>
          <Button size="s" tone="quiet" icon={<ArrowLeft size={14} aria-hidden />} onClick={onBack}>{t("backToList")}</Button>
        </span>
        <strong>{template.name}</strong>
        <span className={css["rowFoot"]}>{languageName(template.language)}</span>
      </div>
      <TemplatePreview parts={parts} values={values} picture={header.picture} />
      <Form onSubmit={send}>
        {parts.media && !isPlace && <HeaderFile media={parts.media} header={header} needed={pressed} />}
        {isPlace && <p className={css["bad"]}>{t("headerPlace")}</p>}
        {parts.gaps.map((gap) => (
          <GapField key={keyOf(gap)} gap={gap} value={values[keyOf(gap)] ?? ""} onChange={(value) => change(gap, value)} />
        ))}
        <div className={css["formFoot"]}>
          <span className={css["bad"]} role="alert">
            {error ?? (pressed && missing.length > 0 ? t("missing", { names: missing.join(", ") }) : "")}
          </span>
          <Button type="submit" tone="primary" busy={busy} disabled={isPlace} icon={<SendHorizontal size={14} aria-hidden />}>{action}</Button>
        </div>
      </Form>
    </div>
  );
}

function GapField({ gap, value, onChange }: { gap: Gap; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={gap.label} error={isBlank(value) ? t("fourBlanks") : null}>
      <Input value={value} autoComplete="off" placeholder={gap.example ? t("gapExample", { example: gap.example }) : undefined} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

function missingNames(parts: TemplateParts, values: Values, hasFile: boolean): string[] {
  const file = parts.media && parts.media !== "LOCATION" && !hasFile ? [t("headerFile")] : [];
  return [...file, ...missingGaps(parts, values).map((gap) => gap.label)];
}

const firstEmpty = (form: HTMLElement | null): HTMLElement | undefined =>
  [...(form?.querySelectorAll<HTMLInputElement>("input:not([type=file]), [data-choose]") ?? [])].find((one) => !one.value?.trim());
