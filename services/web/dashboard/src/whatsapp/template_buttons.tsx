import type { ReactNode } from "react";
import { ArrowUp, Copy, CornerUpLeft, ExternalLink, Phone, Plus, X } from "lucide-react";
import { Button, Field, IconButton, Input, Menu, MenuItem, Section } from "ui";
import type { DraftProps } from "./template_builder.tsx";
import { blankButton, type ButtonDraft, type ButtonKind } from "./template_draft.ts";
import { t } from "./template_words.ts";
import { variables } from "./variables.ts";
import css from "./templates.module.css";

const kinds: { kind: ButtonKind; icon: ReactNode }[] = [
  { kind: "QUICK_REPLY", icon: <CornerUpLeft size={14} aria-hidden /> },
  { kind: "URL", icon: <ExternalLink size={14} aria-hidden /> },
  { kind: "PHONE_NUMBER", icon: <Phone size={14} aria-hidden /> },
  { kind: "COPY_CODE", icon: <Copy size={14} aria-hidden /> },
];

export function ButtonsPart({ draft, fault, onChange }: DraftProps) {
  const { buttons } = draft;
  const set = (next: ButtonDraft[], field: string) => onChange({ buttons: next }, field);
  const add = (
    <Menu
      align="end"
      trigger={
        <Button size="s" icon={<Plus size={13} aria-hidden />} disabled={buttons.length >= 10}>
          {t("addButton")}
        </Button>
      }
    >
      {kinds.map(({ kind, icon }) => (
        <MenuItem key={kind} icon={icon} onSelect={() => set([...buttons, blankButton(kind)], "buttons")}>
          {t(`button.${kind}`)}
        </MenuItem>
      ))}
    </Menu>
  );
  return (
    <Section title={t("buttons")} text={t("buttonsText")} actions={add} flush={buttons.length > 0}>
      {buttons.length === 0 && <p className={css["quiet"]}>{t("header.none")}</p>}
      {fault("buttons") && <p className={css["listFault"]} role="alert">{fault("buttons")}</p>}
      <ul className={css["buttons"]}>
        {buttons.map((button, index) => (
          <One
            key={index}
            button={button}
            n={index + 1}
            error={fault(`button.${index}`)}
            onChange={(part) => set(buttons.map((one, at) => (at === index ? { ...one, ...part } : one)), `button.${index}`)}
            onRemove={() => set(buttons.filter((_, at) => at !== index), "buttons")}
            onUp={() => set(swapped(buttons, index), "buttons")}
          />
        ))}
      </ul>
    </Section>
  );
}

const swapped = (all: ButtonDraft[], at: number): ButtonDraft[] => all.map((one, index) => (index === at - 1 ? all[at] : index === at ? all[at - 1] : one) ?? one);

type OneProps = {
  button: ButtonDraft;
  n: number;
  error: string | null;
  onChange: (change: Partial<ButtonDraft>) => void;
  onRemove: () => void;
  onUp: () => void;
};

function One({ button: { kind, text, target, example }, n, error, onChange, onRemove, onUp }: OneProps) {
  return (
    <li className={css["buttonRow"]}>
      <span className={css["kind"]}>
        {kinds.find((one) => one.kind === kind)?.icon} {t(`button.${kind}`)}
      </span>
      <div className={css["fields"]}>
        {kind !== "COPY_CODE" && (
          <Field label={t("buttonText")} error={error}>
            <Input value={text} maxLength={25} onChange={(event) => onChange({ text: event.target.value })} />
          </Field>
        )}
        {kind !== "QUICK_REPLY" && (
          <Field label={t(`target.${kind}`)} {...(kind === "URL" ? { hint: t("targetHint.URL") } : {})} error={kind === "COPY_CODE" ? error : null}>
            <Input value={target} autoComplete="off" inputMode={kind === "URL" ? "url" : kind === "PHONE_NUMBER" ? "tel" : "text"} onChange={(event) => onChange({ target: event.target.value })} />
          </Field>
        )}
        {kind === "URL" && variables(target).length > 0 && (
          <Field label={t("linkExample")}>
            <Input value={example} inputMode="url" autoComplete="off" onChange={(event) => onChange({ example: event.target.value })} />
          </Field>
        )}
      </div>
      <span className={css["rowTools"]}>
        {n > 1 && (
          <IconButton label={t("upButton", { n })} onClick={onUp}>
            <ArrowUp size={15} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t("removeButton", { n })} onClick={onRemove}>
          <X size={15} aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}
