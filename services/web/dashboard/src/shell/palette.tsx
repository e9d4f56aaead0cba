import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { Keys } from "ui";
import { useInbox } from "../inbox/context.tsx";
import { search, type Entry } from "./palette_entries.ts";
import { useFound } from "./palette_found.ts";
import { t } from "./words.ts";
import css from "./keyboard.module.css";

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next: boolean) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css["scrim"]} />
        <Dialog.Popup className={css["palette"]} aria-label={t("palette")}>
          <Finder onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const inbox = useInbox();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const known = useMemo(() => search(query, inbox.store.get(), inbox.mayWrite), [query, inbox]);
  const found = useFound(inbox, query);
  const entries = useMemo(() => [...known, ...found], [known, found]);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // After the dialog has given the focus back, so that the action may take it.
    setTimeout(entry.run);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((at + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={css["find"]}>
        <Search size={16} aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
          aria-label={t("palettePlaceholder")}
          placeholder={t("palettePlaceholder")}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={pressed}
        />
      </div>
      <ul className={css["entries"]} role="listbox" id={listId} ref={list} aria-label={t("palette")}>
        {entries.map((entry, index) => (
          <li
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={css["entry"]}
            onPointerMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            <span className={css["entryName"]}>{entry.name}</span>
            <span className={css["entryHint"]}>
              {entry.marks?.map((piece, nth) => (piece.hit ? <mark key={nth}>{piece.text}</mark> : piece.text)) ?? entry.hint}
            </span>
            {entry.keys && <Keys keys={entry.keys} />}
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p className={css["none"]}>{t("paletteEmpty")}</p>}
    </>
  );
}
