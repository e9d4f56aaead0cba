import { Switch as Base } from "@base-ui/react/switch";
import css from "./toggle.module.css";

type Props = { label: string; text?: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void };

export function Toggle({ label, text, checked, disabled, onChange }: Props) {
  return (
    <label className={css["row"]} data-disabled={disabled || undefined}>
      <span className={css["words"]}>
        <span className={css["label"]}>{label}</span>
        {text && <span className={css["text"]}>{text}</span>}
      </span>
      <Base.Root
        className={css["track"]}
        checked={checked}
        disabled={disabled ?? false}
        onCheckedChange={(next: boolean) => onChange(next)}
      >
        <Base.Thumb className={css["thumb"]} />
      </Base.Root>
    </label>
  );
}

type SegmentsProps<T extends string> = {
  label: string;
  value: T;
  options: ReadonlyArray<{ value: T; label: string }>;
  disabled?: boolean;
  onChange: (value: T) => void;
};

/** A few exclusive choices side by side; real radio buttons, so arrows and readers work. */
export function Segments<T extends string>({ label, value, options, disabled, onChange }: SegmentsProps<T>) {
  return (
    <fieldset className={css["segments"]} disabled={disabled}>
      <legend className={css["legend"]}>{label}</legend>
      <div className={css["bar"]}>
        {options.map((option) => (
          <label key={option.value} className={css["segment"]}>
            <input
              type="radio"
              name={label}
              className="sr-only"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
