import { useRef, type KeyboardEvent } from "react";
import { Search } from "lucide-react";
import { Chip, Input, Select, type Tone } from "ui";
import type { WhatsAppTemplate } from "wire";
import { inOneLine, languageName, partsOf } from "./template.ts";
import { t } from "./words.ts";
import css from "./picker.module.css";

type Props = {
  found: readonly WhatsAppTemplate[];
  chosen: string | null;
  query: string;
  language: string;
  languages: readonly string[];
  onQuery: (query: string) => void;
  onLanguage: (language: string) => void;
  onChoose: (template: WhatsAppTemplate) => void;
};

/** Searched by typing, walked with the arrows, chosen with Enter. */
export function TemplateList({ found, chosen, query, language, languages, onQuery, onLanguage, onChoose }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    event.preventDefault();
    buttons[Math.max(0, at + step)]?.focus();
  };
  const options = [{ value: "", label: t("anyLanguage") }, ...languages.map((code) => ({ value: code, label: languageName(code) }))];
  return (
    <div className={css["list"]} onKeyDown={walk}>
      <div className={css["search"]}>
        <span className={css["searchBox"]}>
          <Search size={14} aria-hidden />
          <Input
            value={query}
            aria-label={t("searchTemplates")}
            placeholder={t("searchTemplates")}
            onChange={(event) => onQuery(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && found[0] && onChoose(found[0])}
          />
        </span>
        {languages.length > 1 && <Select label={t("language")} value={language} options={options} onChange={onLanguage} />}
      </div>
      <ul ref={list} aria-label={t("templates")}>
        {found.map((one) => (
          <Row key={one.id} template={one} current={one.id === chosen} onChoose={() => onChoose(one)} />
        ))}
      </ul>
      {found.length === 0 && (
        <p className={css["nothing"]}>
          <strong>{t("noTemplatesFound")}</strong>
          {t("noTemplatesFoundText")}
        </p>
      )}
    </div>
  );
}

const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

export function categoryName(category: string): string {
  const known = categories.find((one) => one === category);
  return known ? t(`category.${known}`) : category.toLowerCase();
}

const tones: Record<string, Tone> = { MARKETING: "snooze", UTILITY: "accent" };

function Row({ template, current, onChoose }: { template: WhatsAppTemplate; current: boolean; onChoose: () => void }) {
  return (
    <li>
      <button type="button" className={css["row"]} aria-pressed={current} onClick={onChoose}>
        <span className={css["rowHead"]}>
          <strong>{template.name}</strong>
          <Chip tone={tones[template.category] ?? "neutral"}>{categoryName(template.category)}</Chip>
        </span>
        <span className={css["rowBody"]}>{inOneLine(partsOf(template))}</span>
        <span className={css["rowFoot"]}>
          {languageName(template.language)}
          <Quality quality={template.quality} />
        </span>
      </button>
    </li>
  );
}

const qualities = ["GREEN", "YELLOW", "RED"] as const;

/** Good quality goes without saying. */
function Quality({ quality }: { quality: string | null }) {
  const known = qualities.find((one) => one === quality);
  if (!known || known === "GREEN") return null;
  return <span data-quality={known}> · {t("quality", { quality: t(`quality.${known}`) })}</span>;
}
