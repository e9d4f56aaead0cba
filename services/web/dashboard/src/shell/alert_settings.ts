/** Sound and browser notifications: off until somebody asks, kept per browser. */
import { useSyncExternalStore } from "react";
import { readLocal, writeLocal } from "ui";

const SOUND = "porchlight.sound";
const DESKTOP = "porchlight.desktop";
const listeners = new Set<() => void>();
let version = 0;

const changed = () => {
  version++;
  for (const listener of listeners) listener();
};

const permission = () => (typeof Notification === "undefined" ? "denied" : Notification.permission);

export const wantsSound = () => readLocal(SOUND) === "on";
export const wantsDesktop = () => readLocal(DESKTOP) === "on" && permission() === "granted";

function toggleSound() {
  writeLocal(SOUND, wantsSound() ? null : "on");
  changed();
}

async function toggleDesktop() {
  const on = wantsDesktop();
  if (!on && permission() === "default") await Notification.requestPermission();
  writeLocal(DESKTOP, on || permission() !== "granted" ? null : "on");
  changed();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function useAlertSettings() {
  useSyncExternalStore(subscribe, () => version);
  return {
    sound: wantsSound(),
    desktop: wantsDesktop(),
    denied: permission() === "denied",
    toggleSound,
    toggleDesktop: () => void toggleDesktop(),
  };
}
