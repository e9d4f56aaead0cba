import { useRef, useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Banner, Button, Failed, Field, Input, Page, Pair, say, Section, Segments, Skeleton } from "ui";
import { go } from "../router.ts";
import { type Account, accounts, accountsKey, createTemplate, templatesKey } from "./api.ts";
import { formatPart } from "./address.ts";
import { languageName, languages } from "./languages.ts";
import { Back, Choice } from "./parts.tsx";
import { Refused } from "./refused.tsx";
import { BodyPart, ExamplesPart, FooterPart, HeaderPart } from "./template_parts.tsx";
import { ButtonsPart } from "./template_buttons.tsx";
import { nameFrom, submission, type Category, type TemplateDraft } from "./template_draft.ts";
import { forget, keep, keptDraft } from "./template_kept.ts";
import { TemplatePreview } from "./template_preview.tsx";
import { check, faultOf, type Fault } from "./template_rules.ts";
import { shapeOfDraft } from "./template_shape.ts";
import { t } from "./template_words.ts";
import css from "./templates.module.css";

export interface DraftProps {
  draft: TemplateDraft;
  /** What is wrong with a field, once somebody has been there. */
  fault: (field: string) => string | null;
  onChange: (change: Partial<TemplateDraft>, field: string) => void;
}

const categories: readonly Category[] = ["UTILITY", "MARKETING"];

export function NewTemplate() {
  const held = useQuery({ queryKey: accountsKey, queryFn: accounts });
  const open = held.data?.items.filter((account) => account.token_hint !== null) ?? [];
  return (
    <Page wide title={t("newTitle")} text={t("newText")} back={<Back href={formatPart({ at: "templates", status: "", q: "" })} label={t("back")} />}>
      {held.isPending && <Skeleton kind="cards" lines={2} />}
      {held.error && <Failed error={held.error} onRetry={() => void held.refetch()} />}
      {held.data && open.length === 0 && <Banner>{t("noAccount")}</Banner>}
      {open.length > 0 && <Builder accounts={open} />}
    </Page>
  );
}

function Builder({ accounts: open }: { accounts: Account[] }) {
  const client = useQueryClient();
  const [{ account, draft }, setKept] = useState(keptDraft);
  const [tried, setTried] = useState(false);
  const touched = useRef(new Set<string>());
  const of = open.find((one) => one.id === account) ?? open[0];
  const faults = check(draft);
  const fault = (field: string) => (tried || touched.current.has(field) ? faultOf(faults, field) : null);
  const set = (now: { account: string | null; draft: TemplateDraft }) => (keep(now), setKept(now));
  const change = (part: Partial<TemplateDraft>, field: string) => {
    touched.current.add(field);
    set({ account, draft: { ...draft, ...part } });
  };
  const send = useMutation({
    mutationFn: () => createTemplate(of?.id ?? "", submission(draft)),
    onSuccess: (made) => {
      set(forget());
      void client.invalidateQueries({ queryKey: templatesKey });
      say(t("submitted", { name: made.name }));
      go({ page: "whatsapp", part: { at: "template", id: made.id } }, "replace");
    },
  });
  const submit = () => (faults.length === 0 ? send.mutate() : setTried(true));
  const parts: DraftProps = { draft, fault, onChange: change };
  return (
    <div className={css["two"]}>
      <div>
        <About {...parts} accounts={open} account={of?.id ?? ""} onAccount={(id) => set({ account: id, draft })} />
        <HeaderPart {...parts} account={of?.id ?? ""} />
        <BodyPart {...parts} />
        <ExamplesPart {...parts} />
        <FooterPart {...parts} />
        <ButtonsPart {...parts} />
        <Refused error={send.error} />
      </div>
      <TemplatePreview shape={shapeOfDraft(draft)} from={of?.name ?? ""} />
      <div className={css["bar"]}>
        <Button tone="primary" busy={send.isPending} onClick={submit}>{t("submit")}</Button>
        <Button onClick={() => (touched.current.clear(), setTried(false), set(forget()))}>{t("discard")}</Button>
        <Verdict faults={faults} tried={tried} />
      </div>
    </div>
  );
}

function Verdict({ faults, tried }: { faults: Fault[]; tried: boolean }) {
  if (faults.length > 0) return <span className={css["verdict"]} role="status" data-tried={tried || undefined}>{t("toMend", { n: faults.length })}</span>;
  return (
    <span className={css["verdict"]} role="status" data-ready>
      <CircleCheck size={14} aria-hidden /> {t("ready")}
    </span>
  );
}

type AboutProps = DraftProps & { accounts: Account[]; account: string; onAccount: (id: string) => void };

function About({ draft, fault, onChange, accounts: open, account, onAccount }: AboutProps) {
  const tags = languages.includes(draft.language) ? languages : [draft.language, ...languages];
  return (
    <Section>
      <div className={css["stack"]}>
        {open.length > 1 && (
          <Field label={t("account")}>
            <Choice label={t("account")} value={account} options={open.map((one) => ({ value: one.id, label: one.name }))} onChange={onAccount} />
          </Field>
        )}
        <Pair>
          <Field label={t("name")} hint={t("nameHint")} error={fault("name")}>
            <Input value={draft.name} autoComplete="off" spellCheck={false} autoCapitalize="none" onChange={(event) => onChange({ name: nameFrom(event.target.value) }, "name")} />
          </Field>
          <Field label={t("language")} hint={t("languageHint")} error={fault("language")}>
            <Choice label={t("language")} value={draft.language} options={tags.map((value) => ({ value, label: languageName(value), hint: value }))} onChange={(language) => onChange({ language }, "language")} />
          </Field>
        </Pair>
        <div>
          <Segments label={t("category")} value={draft.category} options={categories.map((value) => ({ value, label: t(`category.${value}`) }))} onChange={(category) => onChange({ category }, "category")} />
          <p className={css["hint"]}>{t(`categoryHint.${draft.category}`)} {t("authentication")}</p>
        </div>
      </div>
    </Section>
  );
}
