import { TriangleAlert } from "lucide-react";
import { t } from "./connect_words.ts";
import { refusalOf } from "./refusal.ts";
import css from "./whatsapp.module.css";

/** Meta's no, in its own words, with what to do about it. */
export function Refused({ error }: { error: unknown }) {
  if (!error) return null;
  const { text, code, trace, fix } = refusalOf(error);
  return (
    <div className={css["refused"]} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <div>
        {code !== null && <strong>{t("refused")}</strong>}
        <p>{text}</p>
        {fix && <p className={css["fix"]}>{t(`fix.${fix}`)}</p>}
        {code !== null && <small>{[t("refusedCode", { code: String(code) }), trace && t("refusedTrace", { trace })].filter(Boolean).join(" · ")}</small>}
      </div>
    </div>
  );
}
