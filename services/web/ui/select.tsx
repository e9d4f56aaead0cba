import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import css from "./floating.module.css";

export type Option<T extends string> = { value: T; label: string; hint?: string };

type Props<T extends string> = {
  label: string;
  value: T;
  options: ReadonlyArray<Option<T>>;
  onChange: (value: T) => void;
  size?: "s" | "m";
  disabled?: boolean;
  id?: string;
};

export function Select<T extends string>({ label, value, options, onChange, size = "m", disabled, id }: Props<T>) {
  const shown = options.find((option) => option.value === value)?.label ?? value;
  return (
    <Base.Root
      value={value}
      modal={false}
      disabled={disabled ?? false}
      onValueChange={(next: unknown) => onChange(next as T)}
    >
      <Base.Trigger className={css["select"]} data-size={size} aria-label={`${label}: ${shown}`} {...(id ? { id } : {})}>
        <span>{shown}</span>
        <ChevronDown size={14} aria-hidden />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={5} alignItemWithTrigger={false} className={css["layer"]}>
          <Base.Popup className={css["menu"]} aria-label={label}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={css["item"]}>
                <Base.ItemText className={css["itemText"]}>{option.label}</Base.ItemText>
                {option.hint && <span className={css["hint"]}>{option.hint}</span>}
                <Check
                  size={14}
                  className={css["check"]}
                  data-on={option.value === value || undefined}
                  aria-hidden
                />
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
