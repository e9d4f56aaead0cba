/** Small parts the screens of WhatsApp share. */
import type { ReactNode } from "react";
import { ArrowLeft, Phone } from "lucide-react";
import { Chip, Page, Select, Tabs, useField, type Option } from "ui";
import { formatPart, ROOT, type Part } from "./address.ts";
import type { Said } from "./meta_words.ts";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

const tabs: { label: "part.overview" | "part.templates" | "part.arrived"; part: Part }[] = [
  { label: "part.overview", part: { at: "overview" } },
  { label: "part.templates", part: { at: "templates", status: "", q: "" } },
  { label: "part.arrived", part: { at: "arrived", state: "all", number: null } },
];

type ShellProps = { current: Part["at"]; manages: boolean; actions?: ReactNode; children: ReactNode };

/** The page of one of WhatsApp's parts. */
export function Shell({ current, manages, actions, children }: ShellProps) {
  const items = tabs.filter(({ part }) => manages || part.at === "overview").map(({ label, part }) => ({ href: formatPart(part), label: t(label), current: part.at === current }));
  return (
    <Page wide title={t("whatsapp")} text={t("text")} actions={actions} back={<Back href="#/settings" label={t("back")} />}>
      {items.length > 1 && <Tabs label={t("parts")} items={items} />}
      {children}
    </Page>
  );
}

export const Back = ({ href = ROOT, label }: { href?: string; label: string }) => (
  <a className={css["back"]} href={href}>
    <ArrowLeft size={15} aria-hidden /> {label}
  </a>
);

export const Mark = ({ size = 18 }: { size?: number }) => (
  <span className={css["mark"]}>
    <Phone size={size} aria-hidden />
  </span>
);

export const Standing = ({ said }: { said: Said }) => <Chip tone={said.tone}>{said.text}</Chip>;

type FactProps = { label: string; children: ReactNode };

/** Names and values, as a list readers understand. */
export const Facts = ({ children }: { children: ReactNode }) => <dl className={css["facts"]}>{children}</dl>;
export const Fact = ({ label, children }: FactProps) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** A dot in the colour of what was said; the word beside it says the same. */
export const Dotted = ({ said: { text, tone } }: { said: Said }) => (
  <span className={css["dotted"]}>
    <i data-tone={tone} aria-hidden />
    {text}
  </span>
);

type ChoiceProps<T extends string> = { label: string; value: T; options: ReadonlyArray<Option<T>>; disabled?: boolean; onChange: (value: T) => void };

/** A select inside a field. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { id } = useField();
  return <Select {...props} {...(id ? { id } : {})} />;
}
