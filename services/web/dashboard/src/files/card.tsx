import type { ReactNode } from "react";
import { Download, KeyRound, LoaderCircle, ShieldAlert, Trash2 } from "lucide-react";
import { Button } from "ui";
import { useFileActs } from "./acts.tsx";
import { FileIcon } from "./icon.tsx";
import { endingOf, shownName, sizeText, stateText, type SentFile } from "./kinds.ts";
import { Name } from "./name.tsx";
import { t } from "./words.ts";
import css from "./files.module.css";

/** A document, or any file that cannot be shown: its name, what it is, and what is the matter with it. */
export function Card({ file }: { file: SentFile }) {
  const acts = useFileActs();
  const name = shownName(file.name);
  const over = file.state === "refused" || file.state === "gone";
  return (
    <div className={css["card"]} data-state={file.state} role="group" aria-label={name}>
      <div className={css["cardLine"]}>
        {file.state === "ready" ? (
          <button type="button" className={css["cardMain"]} onClick={() => acts.download(file)}>
            <span className="sr-only">{t("download")} </span>
            <FileIcon name={file.name} kind={file.kind} />
            <Words file={file} />
            <Download size={16} className={css["cardHint"]} aria-hidden />
          </button>
        ) : (
          <div className={css["cardMain"]}>
            <FileIcon name={file.name} kind={file.kind} lost={over} />
            <Words file={file} />
          </div>
        )}
        <DeleteButton file={file} />
      </div>
      <Warnings file={file} />
    </div>
  );
}

function Words({ file }: { file: SentFile }) {
  return (
    <span className={css["cardWords"]}>
      <Name name={file.name} />
      <span className={css["cardText"]} data-state={file.state}>
        {file.state === "checking" && <LoaderCircle size={11} className={css["spin"]} aria-hidden />}
        {stateText(file) || [endingOf(file.name).toUpperCase(), sizeText(file.bytes)].filter(Boolean).join(" · ")}
      </span>
    </span>
  );
}

/** Beside the file, for who may: it shows when the pointer or the focus is near, always where there is no pointer. */
export function DeleteButton({ file }: { file: SentFile }) {
  const acts = useFileActs();
  if (!acts.mayDelete || file.state === "gone") return null;
  return (
    <button type="button" className={css["delete"]} aria-label={`${t("delete")}: ${shownName(file.name)}`} title={t("delete")} onClick={() => acts.askDelete(file)}>
      <Trash2 size={14} aria-hidden />
    </button>
  );
}

/** What the reader should know before opening it. */
export function Warnings({ file }: { file: SentFile }) {
  const acts = useFileActs();
  if (file.state !== "ready") return null;
  const secret = file.findings.includes("secret");
  return (
    <>
      {secret && (
        <Warning icon={<KeyRound size={13} aria-hidden />} tone="bad" text={t("secret")}>
          {acts.mayDelete && (
            <Button size="s" tone="danger" onClick={() => acts.askDelete(file)}>
              {t("deleteNow")}
            </Button>
          )}
        </Warning>
      )}
      {file.scan === "unscanned" && <Warning icon={<ShieldAlert size={13} aria-hidden />} tone="warn" text={t("unscanned")} />}
    </>
  );
}

function Warning({ icon, tone, text, children }: { icon: ReactNode; tone: "warn" | "bad"; text: string; children?: ReactNode }) {
  return (
    <p className={css["warning"]} data-tone={tone}>
      {icon}
      <span>{text}</span>
      {children}
    </p>
  );
}
