import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Dialog, Field, Form, FormEnd, Input, Select, sentence } from "ui";
import { clientId, learn, Problem, type Contact } from "wire";
import { useInbox } from "../inbox/context.tsx";
import { goInbox } from "../router.ts";
import { startTalk, type FilledTemplate } from "./api.ts";
import { phoneOf } from "./insert.ts";
import { useSenders } from "./senders.ts";
import { TemplateChooser } from "./template_chooser.tsx";
import { t } from "./words.ts";
import css from "./picker.module.css";

type Props = { contact?: Pick<Contact, "name" | "phone">; onClose: () => void };
type Whom = { number: string; phone: string; name: string };

/** A first message to somebody who has not written: to whom, then which template. */
export default function StartDialog({ contact, onClose }: Props) {
  const inbox = useInbox();
  const [whom, setWhom] = useState<Whom>({ number: "", phone: contact?.phone ?? "", name: contact?.name ?? "" });
  const [choosing, setChoosing] = useState(false);
  const [id, setId] = useState(clientId);
  const phone = phoneOf(whom.phone) ?? "";
  const start = useMutation({
    mutationFn: (filled: FilledTemplate) => startTalk({ client_id: id, number_id: whom.number, phone, name: whom.name.trim() || null, ...filled }),
    onSuccess: ({ conversation }) => {
      inbox.store.set((state) => ({ ...state, inbox: learn(state.inbox, [conversation]) }));
      onClose();
      goInbox({ conversation: conversation.id });
    },
  });
  if (!choosing) return <Whom whom={whom} onWhom={setWhom} onNext={() => setChoosing(true)} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} wide="full" title={t("startWith", { phone: whom.name.trim() || phone })}>
      <TemplateChooser
        person={whom.name.trim() || null}
        number={whom.number}
        conversation={null}
        action={t("begin")}
        busy={start.isPending}
        error={start.error ? faultOf(start.error) : null}
        onChange={() => {
          start.reset();
          setId(clientId());
        }}
        onSend={start.mutate}
      />
      <span className={css["startBack"]}>
        <Button size="s" tone="quiet" onClick={() => setChoosing(false)}>{t("back")}</Button>
      </span>
    </Dialog>
  );
}

const faultOf = (error: unknown) => (error instanceof Problem && error.fields[0] ? error.fields[0].detail : sentence(error));

type WhomProps = { whom: Whom; onWhom: (whom: Whom) => void; onNext: () => void; onClose: () => void };

function Whom({ whom, onWhom, onNext, onClose }: WhomProps) {
  const senders = useSenders();
  const [pressed, setPressed] = useState(false);
  const number = senders.find((one) => one.id === whom.number) ?? senders[0];
  const wrong = pressed && phoneOf(whom.phone) === null;
  const next = () => {
    setPressed(true);
    if (!number || phoneOf(whom.phone) === null) return;
    onWhom({ ...whom, number: number.id });
    onNext();
  };
  const options = senders.map((one) => ({ value: one.id, label: one.name === one.address ? one.address : `${one.name} · ${one.address}` }));
  return (
    <Dialog open onClose={onClose} title={t("start")} text={t("startText")}>
      <Form onSubmit={next}>
        {senders.length > 1 && number && (
          <Field label={t("from")}>
            <Select label={t("from")} value={number.id} options={options} onChange={(id) => onWhom({ ...whom, number: id })} />
          </Field>
        )}
        <Field label={t("phone")} hint={t("phoneHint")} error={wrong ? t("badPhone") : null}>
          <Input value={whom.phone} type="tel" autoComplete="off" onChange={(event) => onWhom({ ...whom, phone: event.target.value })} />
        </Field>
        <Field label={t("name")}>
          <Input value={whom.name} autoComplete="off" onChange={(event) => onWhom({ ...whom, name: event.target.value })} />
        </Field>
        {!number && <p className={css["bad"]}>{t("noNumber")} {t("noNumberText")}</p>}
        <FormEnd>
          <Button type="submit" tone="primary" disabled={!number}>{t("next")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
