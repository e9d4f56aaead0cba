import { lazy, Suspense, useState } from "react";
import { Plus } from "lucide-react";
import { IconButton, Menu, MenuItem } from "ui";
import { insertKinds, type Insert, type InsertKind } from "./insert.ts";
import { insertIcon } from "./insert_icons.tsx";
import { t } from "./words.ts";

const InsertDialog = lazy(() => import("./insert_dialog.tsx"));

const labels = { buttons: "insertButtons", list: "insertList", link: "insertLink", location: "insertLocation", contacts: "insertContact" } as const;

export const insertLabel = (kind: InsertKind): string => t(labels[kind]);

const hintOf = (kind: InsertKind) => (kind === "buttons" ? t("insertButtonsHint") : kind === "list" ? t("insertListHint") : undefined);

/** Buttons, a list, a link, a place or a card: what WhatsApp can show beside words. */
export function InsertMenu({ onInsert }: { onInsert: (insert: Insert) => void }) {
  const [kind, setKind] = useState<InsertKind | null>(null);
  return (
    <>
      <Menu trigger={<IconButton label={t("insert")}><Plus size={17} aria-hidden /></IconButton>}>
        {insertKinds.map((one) => (
          <MenuItem key={one} icon={insertIcon(one)} hint={hintOf(one)} onSelect={() => setKind(one)}>
            {insertLabel(one)}
          </MenuItem>
        ))}
      </Menu>
      {kind && (
        <Suspense fallback={null}>
          <InsertDialog kind={kind} known={null} onInsert={onInsert} onClose={() => setKind(null)} />
        </Suspense>
      )}
    </>
  );
}
