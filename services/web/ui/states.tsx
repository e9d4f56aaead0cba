import type { ReactNode } from "react";
import { CloudOff, TriangleAlert } from "lucide-react";
import { Button } from "./button.tsx";
import { Lamp } from "./lamp.tsx";
import { t } from "./words.ts";
import css from "./states.module.css";

type EmptyProps = { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode };

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={css["empty"]}>
      {icon && <div className={css["icon"]}>{icon}</div>}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What a screen shows when its data did not come: the server's own sentence, and a way on. */
export function Failed({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const offline = typeof navigator !== "undefined" && !navigator.onLine;
  const retry = onRetry && <Button onClick={onRetry}>{t("retry")}</Button>;
  if (offline)
    return (
      <Empty icon={<CloudOff size={22} aria-hidden />} title={t("offlineTitle")} action={retry}>
        {t("offlineText")}
      </Empty>
    );
  return (
    <div role="alert">
      <Empty icon={<TriangleAlert size={22} aria-hidden />} title={title ?? t("errorTitle")} action={retry}>
        {sentence(error)}
      </Empty>
    </div>
  );
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error ?? "");
}

export function Skeleton({ lines = 3, kind = "lines" }: { lines?: number; kind?: "lines" | "rows" | "cards" }) {
  return (
    <div className={css["skeleton"]} data-kind={kind} role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className={css["bone"]}>
          {kind === "rows" && <span className={css["dot"]} />}
          <span className={css["bar"]} />
          <span className={css["bar"]} />
        </div>
      ))}
    </div>
  );
}

/** While nobody knows yet who is here: neither a list nor a form, and nothing at all unless it takes long. */
export function Opening() {
  return (
    <div className={css["opening"]} role="status" aria-label={t("loading")}>
      <Lamp size={40} />
    </div>
  );
}

export function Banner({ tone = "neutral", icon, children, action }: BannerProps) {
  return (
    <div className={css["banner"]} data-tone={tone} role="status">
      {icon}
      <span>{children}</span>
      {action}
    </div>
  );
}

type BannerProps = { tone?: "neutral" | "warn" | "bad" | "good"; icon?: ReactNode; children: ReactNode; action?: ReactNode };
