import { useRef } from "react";
import { Braces } from "lucide-react";
import { Button, Field, Input, Section, Segments, Textarea } from "ui";
import type { DraftProps } from "./template_builder.tsx";
import { wanted, type HeaderKind } from "./template_draft.ts";
import { Sample } from "./template_sample.tsx";
import { t } from "./template_words.ts";
import { nextVariable } from "./variables.ts";
import css from "./templates.module.css";

const kinds: readonly HeaderKind[] = ["none", "text", "image", "video", "document"];

export function HeaderPart({ draft, fault, onChange, account }: DraftProps & { account: string }) {
  const { header } = draft;
  const change = (part: Partial<typeof header>) => onChange({ header: { ...header, ...part } }, "header");
  return (
    <Section>
      <div className={css["stack"]}>
        <Segments label={t("header")} value={header.kind} options={kinds.map((value) => ({ value, label: t(`header.${value}`) }))} onChange={(kind) => change({ kind, handle: "" })} />
        {header.kind === "text" && (
          <Field label={t("headerText")} hint={t("headerCount", { n: [...header.text].length })} error={fault("header")}>
            <Input value={header.text} onChange={(event) => change({ text: event.target.value })} />
          </Field>
        )}
        {header.kind !== "text" && header.kind !== "none" && <Sample key={header.kind} account={account} kind={header.kind} given={header.handle !== ""} error={fault("header")} onGiven={(handle) => change({ handle })} />}
      </div>
    </Section>
  );
}

export function BodyPart({ draft, fault, onChange }: DraftProps) {
  const box = useRef<HTMLDivElement>(null);
  /** Where the caret is, or at the end; the caret goes behind it. */
  const insert = () => {
    const area = box.current?.querySelector("textarea");
    const at = area?.selectionStart ?? draft.body.length;
    const gap = `{{${nextVariable(draft.named, draft.body)}}}`;
    onChange({ body: draft.body.slice(0, at) + gap + draft.body.slice(area?.selectionEnd ?? at) }, "body");
    requestAnimationFrame(() => (area?.focus(), area?.setSelectionRange(at + gap.length, at + gap.length)));
  };
  return (
    <Section>
      <div className={css["stack"]} ref={box}>
        <Field label={t("body")} hint={`${t("bodyCount", { n: [...draft.body].length })} · ${t("bodyHint")}`} error={fault("body")}>
          <Textarea rows={6} dir="auto" value={draft.body} onChange={(event) => onChange({ body: event.target.value }, "body")} />
        </Field>
        <div className={css["tools"]}>
          <Button size="s" icon={<Braces size={13} aria-hidden />} onClick={insert}>{t("addVariable")}</Button>
          <Segments
            label={t("style")}
            value={draft.named ? "named" : "numbered"}
            options={[
              { value: "named", label: t("style.named") },
              { value: "numbered", label: t("style.numbered") },
            ]}
            onChange={(style) => onChange({ named: style === "named" }, "style")}
          />
        </div>
      </div>
    </Section>
  );
}

export function ExamplesPart({ draft, fault, onChange }: DraftProps) {
  const all = wanted(draft);
  if (all.length === 0) return null;
  return (
    <Section title={t("examples")} text={t("examplesText")}>
      <div className={css["examples"]}>
        {all.map(({ part, name, key }) => (
          <Field key={key} label={t(part === "header" ? "exampleInHeader" : "exampleFor", { name: `{{${name}}}` })} error={fault(`example.${key}`)}>
            <Input value={draft.examples[key] ?? ""} autoComplete="off" onChange={(event) => onChange({ examples: { ...draft.examples, [key]: event.target.value } }, `example.${key}`)} />
          </Field>
        ))}
      </div>
    </Section>
  );
}

export function FooterPart({ draft, fault, onChange }: DraftProps) {
  return (
    <Section>
      <Field label={t("footer")} hint={t("footerHint")} error={fault("footer")}>
        <Input value={draft.footer} onChange={(event) => onChange({ footer: event.target.value }, "footer")} />
      </Field>
    </Section>
  );
}
