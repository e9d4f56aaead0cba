import { useDeferredValue, useState } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { LayoutTemplate } from "lucide-react";
import { Empty, Failed, Skeleton } from "ui";
import type { WhatsAppTemplate } from "wire";
import { templates, type FilledTemplate } from "./api.ts";
import { useSenders } from "./senders.ts";
import { TemplateForm } from "./template_form.tsx";
import { TemplateList } from "./template_list.tsx";
import { t } from "./words.ts";
import css from "./picker.module.css";

type Props = {
  person: string | null;
  /** The number it is sent from: another account's templates are not its own. */
  number: string | null;
  conversation: string | null;
  action: string;
  busy: boolean;
  error: string | null;
  /** Other words than before are another message. */
  onChange: () => void;
  onSend: (filled: FilledTemplate) => void;
};

/** The approved templates beside the one that is chosen; on a phone one after the other. */
export function TemplateChooser({ number, onChange, ...rest }: Props) {
  const [query, setQuery] = useState("");
  const [language, setLanguage] = useState("");
  const [chosen, setChosen] = useState<WhatsAppTemplate | null>(null);
  const { found, languages, failed, again } = useTemplates(useDeferredValue(query.trim()), language, number);
  const choose = (template: WhatsAppTemplate | null) => {
    setChosen(template);
    onChange();
  };
  if (failed) return <Failed error={failed} onRetry={again} />;
  if (!found) return <Skeleton lines={5} />;
  if (found.length === 0 && !query && !language)
    return (
      <Empty icon={<LayoutTemplate size={20} aria-hidden />} title={t("noTemplates")}>
        {t("noTemplatesText")}
      </Empty>
    );
  return (
    <div className={css["chooser"]} data-chosen={chosen !== null || undefined}>
      <TemplateList
        found={found}
        chosen={chosen?.id ?? null}
        query={query}
        language={language}
        languages={languages}
        onQuery={setQuery}
        onLanguage={setLanguage}
        onChoose={choose}
      />
      <div className={css["side"]}>
        {chosen ? (
          <TemplateForm key={chosen.id} template={chosen} {...rest} onChange={onChange} onBack={() => choose(null)} />
        ) : (
          <p className={css["nothing"]}>{t("noneChosen")}</p>
        )}
      </div>
    </div>
  );
}

function useTemplates(q: string, language: string, number: string | null) {
  const account = useSenders().find((one) => one.id === number)?.account ?? null;
  const { data, error, refetch } = useQuery({
    queryKey: ["whatsapp", "templates", "approved", account, q, language],
    queryFn: () => templates({ account, q, language }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const found = data?.items;
  const [languages, setLanguages] = useState<readonly string[]>([]);
  const all = [...new Set([...languages, ...(found ?? []).map((one) => one.language)])].sort();
  if (all.length !== languages.length) setLanguages(all);
  return { found, languages, failed: data ? null : error, again: () => void refetch() };
}
