/** Meta's window coming home: its code is handed to the tab that waits, and kept nowhere. */
import { CHANNEL, landedFrom } from "./signup_dialog.ts";

/** Whether this page is that window. The code leaves the address before anything else happens. */
export function land(): boolean {
  const landed = location.search ? landedFrom(location.search) : null;
  if (!landed) return false;
  history.replaceState(null, "", location.pathname);
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(landed);
  // browsers that let it close do so; the others show the words
  setTimeout(() => (channel.close(), window.close()), 300);
  return true;
}

export const redirectAddress = (): string => `${location.origin}/app/`;
