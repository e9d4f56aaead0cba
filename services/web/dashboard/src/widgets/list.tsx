import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AppWindow, MessageCircle, MessageSquarePlus, PanelBottom, Plus } from "lucide-react";
import type { Display, Widget } from "wire";
import { Button, Chip, Dialog, Empty, Failed, Field, Form, FormEnd, Input, longAge, Page, Segments, sentence, Skeleton, Tip, useNow } from "ui";
import { format, go } from "../router.ts";
import { mayManage, useSelf } from "../session.ts";
import { createWidget, widgets, widgetsKey } from "./api.ts";
import { inkOn } from "./colour.ts";
import { t } from "./words.ts";
import css from "./widgets.module.css";

const displays: readonly Display[] = ["floating", "embedded", "popup"];

export function WidgetsScreen() {
  const { agent } = useSelf();
  const [creating, setCreating] = useState(false);
  const { data, isPending, error, refetch } = useQuery({ queryKey: widgetsKey, queryFn: widgets });
  const add = mayManage(agent.role) && (
    <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setCreating(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("widgets")} text={t("widgetsText")} actions={data?.items.length ? add : null} wide>
      {isPending && <Skeleton kind="cards" lines={3} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Empty icon={<MessageSquarePlus size={20} aria-hidden />} title={t("emptyTitle")} action={add}>
          {t("emptyText")}
        </Empty>
      )}
      <ul className={css["cards"]}>{data?.items.map((widget) => <Card key={widget.id} widget={widget} />)}</ul>
      {creating && <Create onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Card({ widget }: { widget: Widget }) {
  const now = useNow();
  return (
    <li className={css["cardSlot"]}>
      <a className={css["card"]} href={format({ page: "widget", id: widget.id, tab: "look" })}>
        <Swatch widget={widget} />
        <span className={css["cardWords"]}>
          <strong>{widget.name}</strong>
          <span>
            {t(`display.${widget.display}`)} · {t("changed", { when: longAge(widget.updated_at, now) })}
          </span>
        </span>
        <Chip tone={widget.active ? "good" : "neutral"}>{t(widget.active ? "active" : "inactive")}</Chip>
      </a>
    </li>
  );
}

/** The widget's colour, and by its sign how it is shown. */
function Swatch({ widget: { display, settings } }: { widget: Widget }) {
  const Sign = { floating: MessageCircle, embedded: PanelBottom, popup: AppWindow }[display];
  return (
    <Tip text={`${t(`display.${display}`)}. ${t(`displayHint.${display}`)}`}>
      <span className={css["swatch"]} style={{ background: settings.color, color: inkOn(settings.color) }}>
        <Sign size={18} aria-hidden />
      </span>
    </Tip>
  );
}

function Create({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [display, setDisplay] = useState<Display>("floating");
  const create = useMutation({
    mutationFn: () => createWidget({ name: name.trim(), display }),
    onSuccess: (widget) => {
      void client.invalidateQueries({ queryKey: widgetsKey });
      onClose();
      go({ page: "widget", id: widget.id, tab: "look" });
    },
  });
  return (
    <Dialog open onClose={onClose} title={t("create")} text={t("createText")}>
      <Form onSubmit={() => create.mutate()}>
        <Field label={t("name")} hint={t("nameHint")} error={create.error ? sentence(create.error) : null}>
          <Input autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <div>
          <Segments label={t("display")} value={display} options={displays.map((value) => ({ value, label: t(`display.${value}`) }))} onChange={setDisplay} />
          <p className={css["hint"]}>{t(`displayHint.${display}`)}</p>
        </div>
        <FormEnd>
          <Button type="submit" tone="primary" busy={create.isPending} disabled={!name.trim()}>{t("create")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
