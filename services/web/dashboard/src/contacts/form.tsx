import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Problem, type Contact } from "wire";
import { Button, Field, Form, FormEnd, Input, say, sentence } from "ui";
import { saveContact } from "./api.ts";
import { t } from "./words.ts";

export function ContactForm({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const [name, setName] = useState(contact.name ?? "");
  const [email, setEmail] = useState(contact.email ?? "");
  const [phone, setPhone] = useState(contact.phone ?? "");
  const save = useMutation({
    mutationFn: () => saveContact(contact.id, { name: name.trim() || null, email: email.trim() || null, phone: phone.trim() || null }),
    onSuccess: () => {
      say(t("saved"));
      onDone();
    },
  });
  const fault = (field: string) => (save.error instanceof Problem ? save.error.fields.find((one) => one.field === field)?.detail : null);
  const general = save.error && !(save.error instanceof Problem && save.error.fields.length > 0) ? sentence(save.error) : null;
  return (
    <Form onSubmit={() => save.mutate()}>
      <Field label={t("name")} error={fault("name") ?? general}>
        <Input value={name} autoFocus autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t("email")} error={fault("email") ?? null}>
        <Input value={email} type="email" autoComplete="off" onChange={(event) => setEmail(event.target.value)} />
      </Field>
      <Field label={t("phone")} error={fault("phone") ?? null}>
        <Input value={phone} type="tel" autoComplete="off" onChange={(event) => setPhone(event.target.value)} />
      </Field>
      <FormEnd>
        <Button type="submit" tone="primary" size="s" busy={save.isPending}>{t("save")}</Button>
        <Button size="s" onClick={onDone}>{t("cancel")}</Button>
      </FormEnd>
    </Form>
  );
}
