import type { ReactElement } from "react";
import { Tooltip } from "@base-ui/react/tooltip";
import css from "./floating.module.css";

/** A hint beside a control, never the only place its meaning is said. */
export function Tip({ text, keys, side = "bottom", children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children as ReactElement<Record<string, unknown>>} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} side={side} className={css["layer"]}>
          <Tooltip.Popup className={css["tip"]}>
            {text}
            {keys && <Keys keys={keys} />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

type TipProps = { text: string; keys?: string; side?: "top" | "bottom" | "left" | "right"; children: ReactElement };

/** Keys as they are pressed, one cap each: "Shift E". */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={css["keys"]}>
      {keys.split(" ").map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
