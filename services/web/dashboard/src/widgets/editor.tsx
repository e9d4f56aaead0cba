import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem, type Widget, type WidgetSettings } from "wire";
import { Banner, Button, Chip, Confirm, Field, Input, Pair, say, Section, sentence } from "ui";
import { go } from "../router.ts";
import { removeWidget, saveWidget, widgetKey, widgetsKey } from "./api.ts";
import { Appearance } from "./appearance.tsx";
import { Preview } from "./preview.tsx";
import { Words } from "./texts.tsx";
import { WidgetFiles } from "./files.tsx";
import { isColour } from "./colour.ts";
import { t } from "./words.ts";
import css from "./widgets.module.css";

export interface Draft {
  name: string;
  settings: WidgetSettings;
}

export interface PartProps {
  settings: WidgetSettings;
  disabled: boolean;
  fault: (field: string) => string | null;
  onChange: (change: Partial<WidgetSettings>) => void;
}

export function Editor({ widget, manages }: { widget: Widget; manages: boolean }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({ name: widget.name, settings: widget.settings });
  const changed = draft.name !== widget.name || JSON.stringify(draft.settings) !== JSON.stringify(widget.settings);
  const save = useMutation({
    mutationFn: () => saveWidget(widget.id, { name: draft.name.trim(), settings: draft.settings }),
    onSuccess: (saved) => {
      client.setQueryData(widgetKey(widget.id), saved);
      void client.invalidateQueries({ queryKey: widgetsKey });
      say(t("saved"));
    },
  });
  const fields = save.error instanceof Problem ? save.error.fields : [];
  // The server may name a field with or without its parent.
  const fault = (field: string) => fields.find((one) => one.field === field || one.field === `settings.${field}`)?.detail ?? null;
  const change = (part: Partial<WidgetSettings>) => setDraft((old) => ({ ...old, settings: { ...old.settings, ...part } }));
  const parts: PartProps = { settings: draft.settings, disabled: !manages, fault, onChange: change };
  const valid = draft.name.trim() !== "" && isColour(draft.settings.color) && draft.settings.files.types?.length !== 0;

  return (
    <div className={css["editor"]}>
      <div>
        {save.error && fields.length === 0 && <Banner tone="bad">{sentence(save.error)}</Banner>}
        <Section title={t("name")}>
          <Pair>
            <Field label={t("name")} hint={t("nameHint")} error={fault("name")}>
              <Input value={draft.name} disabled={!manages} maxLength={60} onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
            </Field>
            <Field label={t("display")} hint={t(`displayHint.${widget.display}`)}>
              <Input value={t(`display.${widget.display}`)} disabled />
            </Field>
          </Pair>
        </Section>
        <Appearance {...parts} display={widget.display} />
        <Words {...parts} />
        <WidgetFiles {...parts} />
        {manages && <Remove widget={widget} />}
      </div>
      <div className={css["side"]}>
        <Preview settings={draft.settings} display={widget.display} />
      </div>
      {manages && (
        <div className={css["saveBar"]}>
          <Button tone="primary" busy={save.isPending} disabled={!changed || !valid} onClick={() => save.mutate()}>{t("save")}</Button>
          {changed && (
            <>
              <Button onClick={() => setDraft({ name: widget.name, settings: widget.settings })}>{t("revert")}</Button>
              <Chip tone="warn">{t("unsaved")}</Chip>
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Remove({ widget }: { widget: Widget }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeWidget(widget.id),
    onSuccess: () => {
      go({ page: "widgets" }, "replace");
      void client.invalidateQueries({ queryKey: widgetsKey });
      say(t("removed", { name: widget.name }));
    },
  });
  return (
    <>
      <Button tone="danger" onClick={() => setAsking(true)}>{t("remove")}</Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("removeTitle", { name: widget.name })}
        text={t("removeText")}
        action={t("remove")}
        word={widget.name}
        busy={remove.isPending}
        error={remove.error ? sentence(remove.error) : null}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
