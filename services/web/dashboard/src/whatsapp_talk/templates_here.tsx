import { lazy, Suspense, useState } from "react";
import { LayoutTemplate } from "lucide-react";
import { IconButton } from "ui";
import type { Conversation } from "wire";
import { openMenu, useOpenMenu } from "../inbox/menus.ts";
import { t } from "./words.ts";

const TemplateDialog = lazy(() => import("./template_dialog.tsx"));

/** The templates of the open conversation; opened from wherever somebody asks for them. */
export function TemplatesHere({ conversation }: { conversation: Conversation }) {
  const [open, setOpen] = useState(false);
  useOpenMenu("templates", () => setOpen(true));
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <TemplateDialog conversation={conversation} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

export function TemplateButton() {
  return (
    <IconButton label={t("templateKeys")} onClick={() => openMenu("templates")}>
      <LayoutTemplate size={16} aria-hidden />
    </IconButton>
  );
}
