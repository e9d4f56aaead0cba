import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LayoutTemplate, Plus, RefreshCw, Search } from "lucide-react";
import type { WhatsAppTemplate } from "wire";
import { Button, Empty, Failed, Input, longAge, say, Section, Select, sentence, Skeleton, useNow } from "ui";
import { go } from "../router.ts";
import { type Account, accounts, accountsKey, syncTemplates, templates, templatesKey } from "./api.ts";
import { formatPart } from "./address.ts";
import { languageName } from "./languages.ts";
import { category, quality, templateReason, templateStatus } from "./meta_words.ts";
import { Dotted, Shell, Standing } from "./parts.tsx";
import { matching, statesOf } from "./template_list.ts";
import { t } from "./template_words.ts";
import css from "./templates.module.css";

export function Templates({ status, q }: { status: string; q: string }) {
  const held = useQuery({ queryKey: accountsKey, queryFn: accounts });
  const { data, isPending, error, refetch } = useQuery({ queryKey: templatesKey, queryFn: templates });
  const all = data ?? [];
  const shown = matching(all, status, q);
  const open = held.data?.items.filter((account) => account.token_hint !== null) ?? [];
  const actions = open.length > 0 && (
    <>
      <Sync accounts={open} />
      <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => go({ page: "whatsapp", part: { at: "new_template" } })}>
        {t("create")}
      </Button>
    </>
  );
  return (
    <Shell current="templates" manages actions={actions}>
      {all.length > 0 && <Filters status={status} q={q} states={statesOf(all)} />}
      <Section title={t("title")} text={t("text")} flush>
        {isPending && <Skeleton lines={4} />}
        {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
        {data && shown.length === 0 && <Nothing hasAccount={open.length > 0} filtered={all.length > 0} />}
        <ul className={css["list"]}>
          {shown.map((template) => (
            <Line key={template.id} template={template} account={(held.data?.items.length ?? 0) > 1 ? held.data?.items.find((one) => one.id === template.account_id)?.name : undefined} />
          ))}
        </ul>
      </Section>
    </Shell>
  );
}

function Line({ template, account }: { template: WhatsAppTemplate; account: string | undefined }) {
  const reason = templateReason(template.status, template.reason);
  const said = templateStatus(template.status);
  return (
    <li>
      <a className={css["line"]} href={formatPart({ at: "template", id: template.id })}>
        <span className={css["words"]}>
          <strong>{template.name}</strong>
          <span>{[languageName(template.language), category(template.category), account].filter(Boolean).join(" · ")}</span>
          {reason && template.status !== "PENDING" && (
            <span className={css["reason"]} data-tone={said.tone}>
              {reason}
            </span>
          )}
        </span>
        {template.quality && template.quality !== "UNKNOWN" && (
          <span className={css["quality"]}>
            <span className="sr-only">{t("quality")}: </span>
            <Dotted said={quality(template.quality)} />
          </span>
        )}
        <Standing said={said} />
      </a>
    </li>
  );
}

function Filters({ status, q, states }: { status: string; q: string; states: string[] }) {
  const [text, setText] = useState(q);
  const turn = (change: { status?: string; q?: string }) => go({ page: "whatsapp", part: { at: "templates", status, q: text.trim(), ...change } }, "replace");
  return (
    <div className={css["filters"]}>
      <span className={css["search"]}>
        <Search size={15} aria-hidden />
        <Input type="search" aria-label={t("search")} placeholder={t("search")} value={text} onChange={(event) => (setText(event.target.value), turn({ q: event.target.value.trim() }))} />
      </span>
      <span className={css["status"]}>
        <Select label={t("status")} value={status} options={[{ value: "", label: t("allStates") }, ...states.map((value) => ({ value, label: templateStatus(value).text }))]} onChange={(next) => turn({ status: next })} />
      </span>
    </div>
  );
}

function Sync({ accounts: open }: { accounts: Account[] }) {
  const now = useNow();
  const client = useQueryClient();
  const sync = useMutation({
    mutationFn: () => Promise.all(open.map((account) => syncTemplates(account.id))),
    onSuccess: () => say(t("synced")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => Promise.all([templatesKey, accountsKey].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const last = open.map((account) => account.templates_at ?? null).filter((at) => at !== null).sort()[0];
  return (
    <Button busy={sync.isPending} title={last ? t("syncedAt", { when: longAge(last, now) }) : undefined} icon={<RefreshCw size={14} aria-hidden />} onClick={() => sync.mutate()}>
      {t("sync")}
    </Button>
  );
}

function Nothing({ hasAccount, filtered }: { hasAccount: boolean; filtered: boolean }) {
  const icon = <LayoutTemplate size={20} aria-hidden />;
  if (filtered) return <Empty icon={icon} title={t("noMatch")}>{t("noMatchText")}</Empty>;
  if (hasAccount) return <Empty icon={icon} title={t("none")}>{t("noneText")}</Empty>;
  return (
    <Empty icon={icon} title={t("noAccount")} action={<Button onClick={() => go({ page: "whatsapp", part: { at: "overview" } })}>{t("toNumbers")}</Button>}>
      {t("noAccountText")}
    </Empty>
  );
}
