import { useState } from "react";
import { Plus, X } from "lucide-react";
import { Button, Dialog, Field, Form, IconButton, Input } from "ui";
import { BUTTONS, emptyForm, formOf, read, ROWS, type Faults, type Insert, type InsertForm, type InsertKind } from "./insert.ts";
import { insertLabel } from "./insert_menu.tsx";
import { t } from "./words.ts";
import css from "./compose.module.css";

type Props = { kind: InsertKind; known: Insert | null; onInsert: (insert: Insert) => void; onClose: () => void };

export default function InsertDialog({ kind, known, onInsert, onClose }: Props) {
  const [form, setForm] = useState<InsertForm>(() => (known ? formOf(known) : emptyForm(kind)));
  const [faults, setFaults] = useState<Faults>({});
  const change = (part: Partial<InsertForm>) => {
    setForm({ ...form, ...part });
    setFaults({});
  };
  const done = () => {
    const found = read(form);
    if ("faults" in found) return setFaults(found.faults);
    onInsert(found.insert);
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={insertLabel(kind)}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone="primary" onClick={done}>{t("add")}</Button>
        </>
      }
    >
      <Form onSubmit={done}>
        <Parts form={form} faults={faults} change={change} />
        <button type="submit" hidden />
      </Form>
    </Dialog>
  );
}

type PartsProps = { form: InsertForm; faults: Faults; change: (part: Partial<InsertForm>) => void };

function Parts(props: PartsProps) {
  switch (props.form.kind) {
    case "buttons":
      return <Titles {...props} most={BUTTONS} />;
    case "list":
      return (
        <>
          <Text {...props} name="button" label={t("listButton")} />
          <Titles {...props} most={ROWS} />
        </>
      );
    case "link":
      return (
        <>
          <Text {...props} name="button" label={t("linkLabel")} />
          <Text {...props} name="url" label={t("linkUrl")} type="url" />
        </>
      );
    case "location":
      return <PlaceParts {...props} />;
    case "contacts":
      return (
        <>
          <Text {...props} name="name" label={t("cardName")} />
          <Text {...props} name="phone" label={t("cardPhone")} type="tel" hint={t("badPhone")} />
          <Text {...props} name="email" label={t("cardEmail")} type="email" />
          <Text {...props} name="organisation" label={t("cardOrganisation")} />
        </>
      );
  }
}

function PlaceParts(props: PartsProps) {
  return (
    <>
      <div className={css["pair"]}>
        <Text {...props} name="latitude" label={t("latitude")} />
        <Text {...props} name="longitude" label={t("longitude")} />
      </div>
      <p className={css["hint"]}>{t("placeHint")}</p>
      <Text {...props} name="name" label={t("placeName")} />
      <Text {...props} name="address" label={t("placeAddress")} />
    </>
  );
}

type TextName = Exclude<keyof InsertForm, "kind" | "titles" | "descriptions">;
type TextProps = PartsProps & { name: TextName; label: string; type?: string; hint?: string };

function Text({ form, faults, change, name, label, type = "text", hint }: TextProps) {
  return (
    <Field label={label} error={faults[name] ?? null} hint={hint}>
      <Input type={type} value={form[name]} autoComplete="off" onChange={(event) => change({ [name]: event.target.value })} />
    </Field>
  );
}

/** Buttons or rows, one below the other; as many as WhatsApp takes. */
function Titles({ form, faults, change, most }: PartsProps & { most: number }) {
  const rows = form.kind === "list";
  const put = (list: "titles" | "descriptions", at: number, value: string) => change({ [list]: form[list].map((old, index) => (index === at ? value : old)) });
  const drop = (at: number) => change({ titles: form.titles.filter((_, index) => index !== at), descriptions: form.descriptions.filter((_, index) => index !== at) });
  return (
    <>
      {form.titles.map((title, at) => (
        <div key={at} className={css["choice"]}>
          <Field label={t(rows ? "rowN" : "buttonN", { n: at + 1 })} error={faults[`title ${at}`] ?? faults[`description ${at}`] ?? null}>
            <Input value={title} autoComplete="off" onChange={(event) => put("titles", at, event.target.value)} />
          </Field>
          {rows && (
            <Input value={form.descriptions[at] ?? ""} aria-label={`${t("rowN", { n: at + 1 })}: ${t("rowDescription")}`} placeholder={t("rowDescription")} onChange={(event) => put("descriptions", at, event.target.value)} />
          )}
          {form.titles.length > 1 && (
            <span className={css["drop"]}>
              <IconButton label={t(rows ? "removeRow" : "removeButton", { n: at + 1 })} onClick={() => drop(at)}>
                <X size={14} aria-hidden />
              </IconButton>
            </span>
          )}
        </div>
      ))}
      {form.titles.length < most && (
        <Button size="s" className={css["more"] ?? ""} icon={<Plus size={13} aria-hidden />} onClick={() => change({ titles: [...form.titles, ""], descriptions: [...form.descriptions, ""] })}>
          {t(rows ? "addRow" : "addButton")}
        </Button>
      )}
    </>
  );
}
