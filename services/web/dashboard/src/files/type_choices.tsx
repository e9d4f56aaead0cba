import { Checkbox } from "ui";
import { choiceName, grouped } from "./kinds.ts";
import { toggled } from "./settings_state.ts";
import { t } from "./words.ts";
import css from "./settings.module.css";

type Props = { types: readonly string[]; ceiling: readonly string[]; disabled?: boolean; onChange: (types: string[]) => void };

/** Everything the platform allows, by group; what is ticked is accepted. */
export function TypeChoices({ types, ceiling, disabled = false, onChange }: Props) {
  return (
    <div className={css["groups"]}>
      {grouped(ceiling).map(({ group, choices }) => (
        <fieldset key={group} className={css["group"]} disabled={disabled}>
          <legend>{t(`group.${group}`)}</legend>
          {choices.map((choice) => (
            <Checkbox
              key={choice.join()}
              label={choiceName(choice)}
              checked={choice.some((one) => types.includes(one))}
              disabled={disabled}
              onChange={(on) => onChange(toggled(types, choice, on))}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
