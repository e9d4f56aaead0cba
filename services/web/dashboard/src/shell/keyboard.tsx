import { useEffect, useState } from "react";
import { Dialog, Keys } from "ui";
import { onAction, startKeyboard } from "../keyboard/hub.ts";
import { bindings, capsOf, type Action } from "../keyboard/keys.ts";
import { Palette } from "./palette.tsx";
import { t } from "./words.ts";
import css from "./keyboard.module.css";

export const actionName = (action: Action) => t(`action.${action}`);

export function Keyboard() {
  const [shown, setShown] = useState<"palette" | "cheat-sheet" | null>(null);
  useEffect(startKeyboard, []);
  useEffect(
    () =>
      onAction((action) => {
        if (action !== "palette" && action !== "cheat-sheet") return false;
        setShown((now) => (now === action ? null : action));
        return true;
      }),
    [],
  );
  return (
    <>
      <Palette open={shown === "palette"} onClose={() => setShown(null)} />
      <CheatSheet open={shown === "cheat-sheet"} onClose={() => setShown(null)} />
    </>
  );
}

function CheatSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={t("shortcuts")} wide>
      <div className={css["sheet"]}>
        {(["move", "act", "look"] as const).map((group) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {bindings
                .filter((binding) => binding.group === group)
                .map((binding) => (
                  <div key={binding.action}>
                    <dt>{actionName(binding.action)}</dt>
                    <dd>
                      <Keys keys={capsOf(binding.action)} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
