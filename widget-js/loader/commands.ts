/** What a page may ask of a widget by name. Nothing it says before the panel exists is forgotten. */

import type { Profile, ToFrame } from "../wire/port";
import type { Context } from "../wire/types";

export interface Commanded {
  told: Map<string, ToFrame>;
  open(): void;
  close(): void;
  toggle(): void;
  hide(isHidden: boolean): void;
  speak(locale: string): void;
  shade(theme: "dark" | "light" | "auto"): void;
  tell(message: ToFrame): void;
}

export function obey(widget: Commanded, name: string, argument: unknown) {
  switch (name) {
    case "open":
    case "close":
    case "toggle":
      return widget[name]();
    case "hide":
    case "show":
      return widget.hide(name === "hide");
    case "identify":
      return widget.tell({ type: name, token: String((argument as { token?: unknown } | undefined)?.token) });
    case "set":
      return widget.tell({ type: name, profile: { ...(widget.told.get(name) as { profile?: Profile })?.profile, ...(argument as Profile) } });
    case "context":
      return widget.tell({ type: name, context: argument ? located(argument as Context) : null });
    case "locale":
      return widget.speak(String(argument ?? ""));
    case "theme":
      return widget.shade(argument === "dark" || argument === "light" ? argument : "auto");
  }
}

/** Addresses as the page would follow them: the frame, which is elsewhere, could not. */
function located(context: Context): Context {
  const { url, image } = context;
  return { ...context, ...(url && { url: whole(url) }), ...(image && { image: whole(image) }) };
}

function whole(address: string): string {
  try {
    return new URL(address, document.baseURI).href;
  } catch {
    return address;
  }
}
