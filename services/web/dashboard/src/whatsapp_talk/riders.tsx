import { X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Writing } from "../inbox/use_writing.ts";
import type { Insert } from "./insert.ts";
import { insertIcon } from "./insert_icons.tsx";
import { insertLabel } from "./insert_menu.tsx";
import { needsWords } from "./limits.ts";
import { contentName } from "./texts.ts";
import { t } from "./words.ts";
import css from "./compose.module.css";

const InsertDialog = lazy(() => import("./insert_dialog.tsx"));

/** What rides on the reply: the message it answers, and buttons, a place or a card. */
export function Riders({ writing, files }: { writing: Writing; files: boolean }) {
  const { answers, insert } = writing.draft;
  return (
    <>
      {answers && (
        <div className={css["answers"]}>
          <span className={css["answersWords"]}>
            <strong>{t("answering", { name: answers.name })}</strong>
            <span>{answers.brief}</span>
          </span>
          <button type="button" className={css["away"]} aria-label={t("notAnswering")} title={t("notAnswering")} onClick={writing.answerNothing}>
            <X size={14} aria-hidden />
          </button>
        </div>
      )}
      {insert && <InsertChip insert={insert} writing={writing} files={files} />}
    </>
  );
}

function InsertChip({ insert, writing, files }: { insert: Insert; writing: Writing; files: boolean }) {
  const [editing, setEditing] = useState(false);
  const label = insertLabel(insert.type);
  const problem = files ? t("contentNoFiles") : needsWords(insert) && writing.text.trim() === "" ? t("insertWords") : null;
  return (
    <div className={css["insert"]}>
      <button type="button" className={css["insertMain"]} aria-label={t("change", { what: label })} onClick={() => setEditing(true)}>
        {insertIcon(insert.type)}
        <span className={css["answersWords"]}>
          <strong>{label}</strong>
          <span>{contentName(insert)}</span>
        </span>
      </button>
      <button type="button" className={css["away"]} aria-label={t("remove", { what: label })} title={t("remove", { what: label })} onClick={() => writing.insert(null)}>
        <X size={14} aria-hidden />
      </button>
      {problem && <p className={css["problem"]} role="status">{problem}</p>}
      {editing && (
        <Suspense fallback={null}>
          <InsertDialog kind={insert.type} known={insert} onInsert={writing.insert} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </div>
  );
}
