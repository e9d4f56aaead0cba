import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { LoaderCircle } from "lucide-react";
import { Tip } from "./tip.tsx";
import css from "./button.module.css";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  tone?: "primary" | "plain" | "quiet" | "danger";
  size?: "s" | "m";
  icon?: ReactNode;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** While busy it keeps its focus and its width, and swallows further presses. */
export function Button({ tone = "plain", size = "m", icon, busy, children, className, onClick, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${css["button"]} ${css[tone]} ${css[size]} ${className ?? ""}`}
    >
      {busy ? <LoaderCircle size={14} className={css["spin"]} aria-hidden /> : icon}
      {children}
    </button>
  );
}

type IconProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> & {
  label: string;
  keys?: string;
  active?: boolean;
};

export function IconButton({ label, keys, active, className, children, ...rest }: IconProps) {
  return (
    <Tip text={label} {...(keys ? { keys } : {})}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        data-active={active || undefined}
        className={`${css["icon"]} ${className ?? ""}`}
      >
        {children}
      </button>
    </Tip>
  );
}
