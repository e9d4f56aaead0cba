import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button, Dialog, Field, Form, FormEnd, Input, Password } from "ui";
import { Refused } from "./refused.tsx";
import { t } from "./words.ts";

type Props = {
  title: string;
  text: string;
  label: string;
  hint?: string;
  /** Plain words, which may also be left empty. */
  open?: boolean;
  first?: string;
  save: (value: string) => Promise<unknown>;
  onSaved: () => void;
  onClose: () => void;
};

/** One value to be given; a secret one is never filled in and never kept by the browser. */
export function SecretForm({ title, text, label, hint, open, first = "", save, onSaved, onClose }: Props) {
  const [value, setValue] = useState(first);
  const give = useMutation({
    mutationFn: () => save(value.trim()),
    onSuccess: () => {
      onSaved();
      onClose();
    },
  });
  const Control = open ? Input : Password;
  return (
    <Dialog open onClose={onClose} title={title} text={text}>
      <Form onSubmit={() => give.mutate()}>
        <Field label={label} {...(hint ? { hint } : {})}>
          <Control value={value} autoComplete="off" spellCheck={false} autoCapitalize="none" onChange={(event) => setValue(event.target.value)} />
        </Field>
        <Refused error={give.error} />
        <FormEnd>
          <Button type="submit" tone="primary" busy={give.isPending} disabled={open ? value === first : !value.trim()}>{t("save")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
