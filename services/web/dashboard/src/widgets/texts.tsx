import { Field, Input, Pair, Section, Select, Textarea, Toggle, useField } from "ui";
import type { PartProps } from "./editor.tsx";
import { t } from "./words.ts";
import css from "./widgets.module.css";

const languages = ["auto", "en", "de", "fr", "es", "it", "nl", "pl", "pt-BR", "tr", "ar", "ja"];

export function Words({ settings, disabled, fault, onChange }: PartProps) {
  return (
    <Section title={t("words")}>
      <div className={css["stack"]}>
        <Pair>
          <Field label={t("title")} error={fault("title")}>
            <Input value={settings.title} disabled={disabled} maxLength={60} onChange={(event) => onChange({ title: event.target.value })} />
          </Field>
          <Field label={t("tagline")} error={fault("tagline")}>
            <Input value={settings.tagline} disabled={disabled} maxLength={120} onChange={(event) => onChange({ tagline: event.target.value })} />
          </Field>
        </Pair>
        <Field label={t("greeting")} hint={t("greetingHint")} error={fault("greeting")}>
          <Textarea value={settings.greeting} disabled={disabled} maxLength={500} rows={3} onChange={(event) => onChange({ greeting: event.target.value })} />
        </Field>
        <Pair>
          <Field label={t("launcher")} hint={t("launcherHint")} error={fault("launcher_label")}>
            <Input value={settings.launcher_label} disabled={disabled} maxLength={30} onChange={(event) => onChange({ launcher_label: event.target.value })} />
          </Field>
          <Field label={t("locale")} error={fault("locale")}>
            <Language value={settings.locale} disabled={disabled} onChange={(locale) => onChange({ locale })} />
          </Field>
        </Pair>
        <Toggle label={t("askContact")} text={t("askContactText")} checked={settings.ask_contact} disabled={disabled} onChange={(ask_contact) => onChange({ ask_contact })} />
      </div>
    </Section>
  );
}

function Language({ value, disabled, onChange }: { value: string; disabled: boolean; onChange: (value: string) => void }) {
  const { id } = useField();
  const known = languages.includes(value) ? languages : [...languages, value];
  const options = known.map((code) => ({ value: code, label: code === "auto" ? t("locale.auto") : nameOf(code) }));
  return <Select label={t("locale")} value={value} options={options} disabled={disabled} onChange={onChange} {...(id ? { id } : {})} />;
}

function nameOf(code: string): string {
  try {
    return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
