import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { t } from "./words.ts";
import css from "./toast.module.css";

const manager = Base.createToastManager();

export type Undo = { label: string; run: () => void };

/** One line about something that happened, said politely to screen readers, with at most one way back. */
export function say(text: string, options: { tone?: "good" | "bad"; action?: Undo } = {}) {
  manager.add({
    description: text,
    type: options.tone ?? "good",
    priority: options.tone === "bad" ? "high" : "low",
    timeout: options.action ? 8_000 : 5_000,
    ...(options.action ? { actionProps: { children: options.action.label, onClick: options.action.run } } : {}),
  });
}

export function Toasts() {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className={css["viewport"]} aria-label={t("notifications")}>
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root key={toast.id} toast={toast} className={css["toast"]} swipeDirection={["right", "down"]}>
      <Base.Content className={css["content"]}>
        <Base.Description className={css["text"]} />
        {toast.actionProps && <Base.Action className={css["action"]} />}
        <Base.Close className={css["close"]} aria-label={t("dismiss")}>
          <X size={14} aria-hidden />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
