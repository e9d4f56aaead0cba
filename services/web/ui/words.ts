import { catalogue } from "./i18n.ts";

export const t = catalogue({
  copy: "Copy",
  copied: "Copied",
  retry: "Try again",
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  notifications: "Notifications",
  loading: "Loading",
  typeToConfirm: "Type {word} to confirm",
  offlineTitle: "You are offline",
  offlineText: "This needs the network. It will work again as soon as you are back.",
  errorTitle: "This could not be loaded",
  showPassword: "Show password",
  hidePassword: "Hide password",
  online: "online",
  away: "away",
  offline: "offline",
});
