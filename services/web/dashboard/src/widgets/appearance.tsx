import type { Display, Theme } from "wire";
import { Field, Input, Pair, Section, Segments } from "ui";
import { contrast, inkOn, isColour, white } from "./colour.ts";
import type { PartProps } from "./editor.tsx";
import { t } from "./words.ts";
import css from "./widgets.module.css";

const swatches = ["#2a55c5", "#0f766e", "#7c3aed", "#b3261e", "#b45309", "#166534", "#be185d", "#111827"];

export function Appearance({ settings, disabled, fault, onChange, display }: PartProps & { display: Display }) {
  return (
    <Section title={t("appearance")}>
      <div className={css["stack"]}>
        <Colour settings={settings} disabled={disabled} fault={fault} onChange={onChange} />
        <Segments
          label={t("theme")}
          value={settings.theme}
          disabled={disabled}
          options={(["auto", "light", "dark"] as Theme[]).map((value) => ({ value, label: t(`theme.${value}` as "theme.auto") }))}
          onChange={(theme) => onChange({ theme })}
        />
        {display === "floating" && (
          <>
            <Segments
              label={t("position")}
              value={settings.position}
              disabled={disabled}
              options={[
                { value: "left", label: t("left") },
                { value: "right", label: t("right") },
              ]}
              onChange={(position) => onChange({ position })}
            />
            <Pair>
              <Offset label={t("offsetX")} value={settings.offset_x} disabled={disabled} error={fault("offset_x")} onChange={(offset_x) => onChange({ offset_x })} />
              <Offset label={t("offsetY")} value={settings.offset_y} disabled={disabled} error={fault("offset_y")} onChange={(offset_y) => onChange({ offset_y })} />
            </Pair>
          </>
        )}
      </div>
    </Section>
  );
}

function Colour({ settings, disabled, fault, onChange }: PartProps) {
  const { color } = settings;
  const valid = isColour(color);
  return (
    <Field label={t("colour")} hint={valid ? verdict(color) : undefined} error={fault("color")}>
      <div className={css["colour"]}>
        <Input type="color" value={valid ? color : "#000000"} disabled={disabled} onChange={(event) => onChange({ color: event.target.value })} />
        <input
          className={css["hex"]}
          value={color}
          disabled={disabled}
          aria-label="#rrggbb"
          maxLength={7}
          spellCheck={false}
          onChange={(event) => onChange({ color: event.target.value.trim().toLowerCase() })}
        />
        <span className={css["swatches"]}>
          {swatches.map((one) => (
            <button
              key={one}
              type="button"
              disabled={disabled}
              aria-label={one}
              aria-pressed={one === color}
              style={{ background: one }}
              onClick={() => onChange({ color: one })}
            />
          ))}
        </span>
      </div>
    </Field>
  );
}

function verdict(color: string): string {
  const best = inkOn(color);
  const ratio = contrast(color, best);
  return t("colourText", {
    ink: t(best === white ? "inkWhite" : "inkDark"),
    ratio: `${ratio.toFixed(1)}:1`,
    verdict: t(ratio >= 4.5 ? "contrastGood" : "contrastFair"),
  });
}

type OffsetProps = { label: string; value: number; disabled: boolean; error: string | null; onChange: (value: number) => void };

function Offset({ label, value, disabled, error, onChange }: OffsetProps) {
  return (
    <Field label={label} error={error}>
      <Input
        type="number"
        min={0}
        max={200}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(Math.min(200, Math.max(0, Math.round(Number(event.target.value) || 0))))}
      />
    </Field>
  );
}
