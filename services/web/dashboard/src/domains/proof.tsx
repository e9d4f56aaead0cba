import type { Domain } from "wire";
import { CopyLine } from "ui";
import { t } from "./words.ts";
import css from "./domains.module.css";

/** What to publish, to the letter. Only the way that was chosen; the other one would be noise. */
export function Proof({ domain }: { domain: Domain }) {
  const { dns, http } = domain.instructions;
  const byFile = domain.method === "http" && http;
  return (
    <div className={css["proof"]}>
      {byFile ? (
        <>
          <h3>{t("httpTitle")}</h3>
          <div className={css["lines"]}>
            <CopyLine label={t("httpUrl")} value={http.url} />
            <CopyLine label={t("httpContent")} value={http.content} />
          </div>
          <p>{t("httpNote")}</p>
        </>
      ) : (
        dns && (
          <>
            <h3>{t("dnsTitle")}</h3>
            <div className={css["lines"]}>
              <CopyLine label={t("dnsType")} value={dns.type} />
              <CopyLine label={t("dnsName")} value={dns.name} />
              <CopyLine label={t("dnsValue")} value={dns.value} />
            </div>
            <p>{t("dnsNote")}</p>
          </>
        )
      )}
    </div>
  );
}
