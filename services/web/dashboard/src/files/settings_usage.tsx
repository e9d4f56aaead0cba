import { Section } from "ui";
import type { KnownPolicy } from "./api.ts";
import { sizeText } from "./kinds.ts";
import { t } from "./words.ts";
import css from "./settings.module.css";

const NEAR = 0.85;

export function Usage({ known: { used_bytes: used, ceiling } }: { known: KnownPolicy }) {
  const quota = ceiling.quota_bytes;
  const share = quota > 0 ? Math.min(1, used / quota) : 1;
  const level = share >= 1 ? "full" : share >= NEAR ? "near" : "fine";
  const text = t("usageText", { used: sizeText(used), quota: sizeText(quota) });
  return (
    <Section title={t("usage")}>
      <div className={css["usage"]}>
        <div className={css["meter"]} role="meter" aria-label={t("usage")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={text}>
          {/* A few bytes are a sliver, not nothing. */}
          <span data-level={level} style={{ width: used > 0 ? `max(4px, ${share * 100}%)` : "0" }} />
        </div>
        <p>
          {text}
          {level === "full" && <strong> {t("usageFull")}</strong>}
          {level === "near" && <strong> {t("usageNear")}</strong>}
        </p>
      </div>
    </Section>
  );
}
