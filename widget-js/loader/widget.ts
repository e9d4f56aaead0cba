/**
 * One widget on one page: asks whether it may, draws its launcher, and fetches the panel on
 * the first hint of interest. It forgets nothing it was told before the panel existed, and
 * `shutdown` undoes everything.
 */

import type { Profile, ToFrame } from "../wire/port";
import type { Context, Theme } from "../wire/types";
import { Refused, bootstrap, type Answer } from "./bootstrap";
import type { Panel, PanelModule } from "./core";
import { listen, make } from "./draw";
import { createHost, type Host } from "./host";
import { createLauncher, type Launcher } from "./launcher";
import { LAUNCHER_STYLE, textOn } from "./style";
import { wordsFor } from "./words";

/** What a script tag asks for. */
export interface Wish {
  base: string;
  widget: string;
  key: string;
  locale: string;
  target: string;
  openOn: string;
  openAfter: number;
}

export interface WidgetOnPage {
  wish: Wish;
  command(name: string, argument: unknown): void;
  shutdown(): void;
}

export type Emit = (event: string, detail: unknown) => void;

/** The file that holds the panel, put in by the build; its plain name serves pages with an older loader. */
declare const PANEL_FILE: string;

/** A ticket lives 60 s at the server; an older one is not worth the try. */
const TICKET_MS = 45_000;
const PHONE = "(max-width:480px),(max-height:480px) and (max-width:960px)";

export function createWidget(wish: Wish, emit: Emit): WidgetOnPage {
  const cleanups: (() => void)[] = [];
  const told = new Map<string, ToFrame>();
  const phone = matchMedia(PHONE);
  const box = make("div", "");
  let answer: Answer;
  let askedAt = 0;
  let host: Host | null = null;
  let launcher: Launcher | null = null;
  let panel: Panel | null = null;
  let frame: HTMLIFrameElement | null = null;
  let isOpen = false;
  let isHidden = false;
  let isOver = false;
  let wantsOpen = false;
  let isAsked = false;
  let isInline = false;
  let unread = 0;
  let attempt = 0;
  let locale = wish.locale;
  let theme: Theme | null = null;
  let before: Element | null = null;

  const language = () => {
    const named = answer?.config.settings.locale;
    return locale || (named !== "auto" && named) || document.documentElement.lang || navigator.language || "en";
  };
  const words = () => wordsFor(language());
  const later = (run: () => void, ms: number) => {
    const timer = setTimeout(run, ms);
    cleanups.push(() => clearTimeout(timer));
  };

  // May we? ------------------------------------------------------------------------------

  async function ask() {
    answer = await bootstrap(wish.base, wish.widget, language());
    askedAt = Date.now();
  }

  async function begin() {
    try {
      await ask();
    } catch (error) {
      return failed(error as Refused);
    }
    if (isOver) return;
    draw(answer);
    emit("ready", { widget: wish.widget });
    if (wantsOpen) show();
  }

  function failed({ status, code = "network", retryMs = 0 }: Refused) {
    if (isOver) return;
    if (status === 403) {
      console.info(
        `Porchlight: ${location.origin} may not show widget ${wish.widget} (${code}). Verify this domain in the dashboard.`,
      );
      return emit("blocked", { code, origin: location.origin });
    }
    if (!attempt) emit("error", { code });
    if ((status >= 400 && status < 429) || attempt++ > 8) return;
    later(begin, Math.max(retryMs, Math.random() * Math.min(6e4, 1e3 * 2 ** attempt)));
  }

  // Drawing ------------------------------------------------------------------------------

  function draw({ config }: Answer) {
    const { settings } = config;
    isInline = config.display === "embedded";
    host = createHost(LAUNCHER_STYLE, isInline ? () => document.querySelector(wish.target) : null, redraw);
    const looks = { c: settings.color, on: textOn(settings.color), x: `${settings.offset_x}px`, y: `${settings.offset_y}px` };
    for (const [name, value] of Object.entries(looks)) box.style.setProperty(`--${name}`, value);
    if (config.display === "floating") {
      launcher = createLauncher(settings.launcher_label, words(), warm, toggle);
      box.appendChild(launcher.element);
    }
    host.root.appendChild(box);
    cleanups.push(
      listen(box, "keydown", (event) => (event as KeyboardEvent).key === "Escape" && close()),
      listen(phone, "change", dress),
    );
    if (isInline) whenSeen(host.element, show);
    else triggers();
    dress();
  }

  function redraw() {
    undraw();
    isOpen = false;
    draw(answer);
  }

  function undraw() {
    panel?.remove();
    for (const clean of cleanups.splice(0)) clean();
    host?.remove();
    box.textContent = "";
    host = panel = launcher = frame = null;
  }

  function dress() {
    if (!host) return;
    const { settings } = answer.config;
    const shade = theme ?? settings.theme;
    const isDark = shade === "dark" || (shade === "auto" && matchMedia("(prefers-color-scheme:dark)").matches);
    const shape = isInline ? "inline" : phone.matches ? "full" : "";
    box.className = `${settings.position} ${shape} ${launcher ? "" : "bare"} ${isOpen ? "open" : ""} ${isDark ? "dark" : ""}`;
    box.hidden = isHidden;
    launcher?.state(isOpen, unread);
    panel?.dressed();
  }

  function triggers() {
    const { openOn, openAfter } = wish;
    const hits = (one: EventTarget) => one instanceof Element && one.matches(openOn);
    if (openOn) cleanups.push(listen(document, "click", (event) => event.composedPath().some(hits) && open()));
    if (openAfter > 0) later(show, openAfter * 1000);
  }

  function whenSeen(element: Element, run: () => void) {
    const observer = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      run();
    });
    observer.observe(element);
    cleanups.push(() => observer.disconnect());
  }

  // The panel ----------------------------------------------------------------------------

  /** Frame and panel code travel at the same time. */
  function warm() {
    if (frame || !host) return;
    const title = answer.config.settings.title || words()[0];
    const holder = make("div", "");
    const mine = (frame = make("iframe", "", { title, allow: "autoplay", referrerpolicy: "strict-origin" }));
    const { frame: address } = answer;
    holder.hidden = true;
    mine.onload = () => void (mine.dataset.loaded = "1");
    mine.src = address.href;
    holder.appendChild(mine);
    box.appendChild(holder);
    void load().then(({ attach }) => {
      if (!host) return;
      panel = attach({
        base: wish.base,
        box,
        root: host.root,
        panel: holder,
        frame: mine,
        origin: address.origin,
        told,
        isInline,
        title,
        words,
        language,
        theme: () => theme,
        isOpen: () => isOpen,
        isAsked: () => isAsked,
        answer: () => answer,
        ticket,
        unread: (count) => {
          unread = count;
          launcher?.state(isOpen, unread);
          emit("unread", { count });
        },
        close,
        emit,
      });
      panel.dressed();
    }, broken);
  }

  function load(): Promise<PanelModule> {
    const at = `${wish.base}/widget/assets/`;
    return import(at + PANEL_FILE).catch(() => import(`${at}panel.js?${Date.now()}`));
  }

  function broken() {
    emit("error", { code: "panel_unavailable" });
    frame?.parentElement?.remove();
    frame = null;
    close();
  }

  /** A ticket works once: the one we hold goes to the first frame that asks, a later one gets a new one. */
  async function ticket() {
    if (!answer.ticket || Date.now() - askedAt > TICKET_MS) await ask();
    const held = answer.ticket;
    answer.ticket = "";
    return held;
  }

  function open() {
    isAsked = true;
    show();
  }

  function show() {
    wantsOpen = true;
    if (!host || isOpen) return;
    isHidden = false;
    isOpen = true;
    before = document.activeElement;
    warm();
    dress();
    emit("open", { widget: wish.widget });
  }

  function close() {
    wantsOpen = isAsked = false;
    if (!isOpen || isInline) return;
    isOpen = false;
    dress();
    const back = launcher && !isHidden ? launcher.element : before;
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    emit("close", { widget: wish.widget });
  }

  const toggle = () => (isOpen ? close() : open());

  // Commands -----------------------------------------------------------------------------

  function tell(message: ToFrame) {
    told.set(message.type, message);
    panel?.tell(message);
  }

  function command(name: string, argument: unknown) {
    switch (name) {
      case "open":
        return open();
      case "close":
        return close();
      case "toggle":
        return toggle();
      case "hide":
      case "show":
        isHidden = name === "hide";
        if (isHidden) close();
        return dress();
      case "identify":
        return tell({ type: "identify", token: String((argument as { token?: unknown } | undefined)?.token) });
      case "set":
        return tell({ type: "set", profile: { ...(told.get("set") as { profile?: Profile })?.profile, ...(argument as Profile) } });
      case "context":
        return tell({ type: "context", context: (argument as Context) ?? null });
      case "locale":
        locale = String(argument ?? "");
        launcher?.words(words());
        return tell({ type: "locale", locale: language() });
      case "theme":
        theme = argument === "dark" || argument === "light" ? argument : "auto";
        tell({ type: "theme", theme });
        return dress();
    }
  }

  void begin();
  return {
    wish,
    command,
    shutdown() {
      isOver = true;
      undraw();
    },
  };
}
