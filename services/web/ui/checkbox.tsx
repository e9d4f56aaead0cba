import css from "./toggle.module.css";

type Props = { label: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void };

export function Checkbox({ label, checked, disabled, onChange }: Props) {
  return (
    <label className={css["checkbox"]} data-disabled={disabled || undefined}>
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
