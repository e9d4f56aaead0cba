import { useEffect, useState } from "react";
import { Field, Input } from "ui";

type Props = {
  label: string;
  hint: string;
  placeholder: string;
  value: number | null;
  /** From what is typed to a limit; null when it is none. */
  parse: (text: string) => number | null;
  show: (value: number) => string;
  wrong: string;
  error: string | null;
  onChange: (value: number | null) => void;
};

/** A limit that may be empty. What is half typed stays as it is typed and changes nothing yet. */
export function NarrowNumber({ label, hint, placeholder, value, parse, show, wrong, error, onChange }: Props) {
  const [text, setText] = useState(value === null ? "" : show(value));
  const bad = text.trim() !== "" && parse(text) === null;
  useEffect(() => {
    if (parse(text) !== value) setText(value === null ? "" : show(value));
  }, [value]);
  const typed = (next: string) => {
    setText(next);
    onChange(parse(next));
  };
  return (
    <Field label={label} hint={hint} error={bad ? wrong : error}>
      <Input inputMode="decimal" value={text} placeholder={placeholder} onChange={(event) => typed(event.target.value)} />
    </Field>
  );
}
