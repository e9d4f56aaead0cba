import type { ReactElement, ReactNode } from "react";
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import { Keys } from "./tip.tsx";
import css from "./floating.module.css";

type MenuProps = {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
};

export function Menu({ trigger, children, align = "start", open, onOpenChange }: MenuProps) {
  return (
    <Base.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}
    >
      <Base.Trigger render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner sideOffset={5} align={align} className={css["layer"]}>
          <Base.Popup className={css["menu"]}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type ItemProps = {
  children: ReactNode;
  icon?: ReactNode;
  hint?: ReactNode;
  keys?: string;
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
};

export function MenuItem({ children, icon, hint, keys, checked, danger, disabled, onSelect }: ItemProps) {
  return (
    <Base.Item
      className={css["item"]}
      data-danger={danger || undefined}
      disabled={disabled ?? false}
      onClick={onSelect}
      aria-current={checked || undefined}
    >
      {icon && <span className={css["itemIcon"]}>{icon}</span>}
      <span className={css["itemText"]}>{children}</span>
      {hint && <span className={css["hint"]}>{hint}</span>}
      {keys && <Keys keys={keys} />}
      {checked !== undefined && <Check size={14} className={css["check"]} data-on={checked || undefined} aria-hidden />}
    </Base.Item>
  );
}

export const MenuLine = () => <Base.Separator className={css["line"]} />;
export const MenuLabel = ({ children }: { children: ReactNode }) => <div className={css["label"]}>{children}</div>;
