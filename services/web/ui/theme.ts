/** Light, dark or as the system says; kept per browser and shared between its tabs. */
import { useSyncExternalStore } from "react";
import { readLocal, writeLocal } from "./storage.ts";

export type Theme = "auto" | "light" | "dark";
const key = "porchlight.theme";
const listeners = new Set<() => void>();
const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const stored = readLocal(key);
  return stored === "light" || stored === "dark" ? stored : "auto";
}

function apply() {
  const choice = theme();
  const shown = choice === "auto" ? (systemDark().matches ? "dark" : "light") : choice;
  document.documentElement.dataset["theme"] = shown;
  for (const listener of listeners) listener();
}

export function chooseTheme(choice: Theme) {
  writeLocal(key, choice === "auto" ? null : choice);
  apply();
}

/** Call once before the first render; returns its own clean-up. */
export function startTheme(): () => void {
  const onStorage = (event: StorageEvent) => event.key === key && apply();
  const media = systemDark();
  media.addEventListener("change", apply);
  window.addEventListener("storage", onStorage);
  apply();
  return () => {
    media.removeEventListener("change", apply);
    window.removeEventListener("storage", onStorage);
  };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);
