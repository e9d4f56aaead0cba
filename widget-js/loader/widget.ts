/**
 * One widget on one page: asks whether it may, draws its launcher, and fetches the panel on
 * the first hint of interest. It forgets nothing it was told before the panel existed, and
 * `shutdown` undoes everything.
 */

import type { ToFrame } from "../wire/port";
import type { Theme } from "../wire/types";
import type { Answer } from "./bootstrap";
import { obey, type Commanded } from "./commands";
import type { Core, Panel, PanelModule } from "./core";
import { listen, make } from "./draw";
import { createHost, type Host } from "./host";
import { createLauncher, type Launcher } from "./launcher";
import { createPermission } from "./permission";
import { LAUNCHER_STYLE, textOn } from "./style";
import { after, onClick, whenSeen } from "./triggers";
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

const PHONE = "(max-width:480px),(max-height:480px) and (max-width:960px)";

export class Widget implements WidgetOnPage, Commanded {
  readonly told = new Map<string, ToFrame>();
  readonly #cleanups: (() => void)[] = [];
  readonly #phone = matchMedia(PHONE);
  readonly #box = make("div", "");
  readonly #permission;
  #host: Host | null = null;
  #launcher: Launcher | null = null;
  #panel: Panel | null = null;
  #frame: HTMLIFrameElement | null = null;
  #isOpen = false;
  #isHidden = false;
  #wantsOpen = false;
  #isAsked = false;
  #isInline = false;
  #unread = 0;
  #locale: string;
  #theme: Theme | null = null;
  #before: Element | null = null;

  constructor(
    readonly wish: Wish,
    readonly emit: Emit,
  ) {
    this.#locale = wish.locale;
    this.#permission = createPermission(wish, () => this.#language(), emit, (answer) => this.#granted(answer));
    void this.#permission.begin();
  }

  command(name: string, argument: unknown) {
    obey(this, name, argument);
  }

  shutdown() {
    this.#permission.stop();
    this.#undraw();
  }

  #granted(answer: Answer) {
    this.#draw(answer);
    this.emit("ready", { widget: this.wish.widget });
    if (this.#wantsOpen) this.#show();
  }

  #language(): string {
    const named = this.#permission?.answer?.config.settings.locale;
    return this.#locale || (named !== "auto" && named) || document.documentElement.lang || navigator.language || "en";
  }

  #words() {
    return wordsFor(this.#language());
  }

  // Drawing ------------------------------------------------------------------------------

  #draw(answer: Answer) {
    const { config } = answer;
    const { settings } = config;
    const redraw = () => {
      this.#undraw();
      this.#isOpen = false;
      this.#draw(this.#permission.answer!);
    };
    this.#isInline = config.display === "embedded";
    const host = (this.#host = createHost(LAUNCHER_STYLE, this.#isInline ? () => document.querySelector(this.wish.target) : null, redraw));
    const looks = { c: settings.color, on: textOn(settings.color), x: `${settings.offset_x}px`, y: `${settings.offset_y}px` };
    for (const [name, value] of Object.entries(looks)) this.#box.style.setProperty(`--${name}`, value);
    if (config.display === "floating") {
      this.#launcher = createLauncher(settings.launcher_label, this.#words(), () => this.#warm(answer), () => this.toggle());
      this.#box.appendChild(this.#launcher.element);
    }
    host.root.appendChild(this.#box);
    this.#listen(host);
    this.#dress();
  }

  #listen({ element }: Host) {
    const { openOn, openAfter } = this.wish;
    const show = () => this.#show();
    this.#cleanups.push(
      listen(this.#box, "keydown", (event) => (event as KeyboardEvent).key === "Escape" && this.close()),
      listen(this.#phone, "change", () => this.#dress()),
    );
    if (this.#isInline) return void this.#cleanups.push(whenSeen(element, show));
    if (openOn) this.#cleanups.push(onClick(openOn, () => this.open()));
    if (openAfter > 0) this.#cleanups.push(after(openAfter, show));
  }

  #undraw() {
    this.#panel?.remove();
    for (const clean of this.#cleanups.splice(0)) clean();
    this.#host?.remove();
    this.#box.textContent = "";
    this.#host = this.#panel = this.#launcher = this.#frame = null;
  }

  #dress() {
    const { answer } = this.#permission;
    if (!this.#host || !answer) return;
    const { settings } = answer.config;
    const shade = this.#theme ?? settings.theme;
    const isDark = shade === "dark" || (shade === "auto" && matchMedia("(prefers-color-scheme:dark)").matches);
    const shape = this.#isInline ? "inline" : this.#phone.matches ? "full" : "";
    this.#box.className = `${settings.position} ${shape} ${this.#launcher ? "" : "bare"} ${this.#isOpen ? "open" : ""} ${isDark ? "dark" : ""}`;
    this.#box.hidden = this.#isHidden;
    this.#launcher?.state(this.#isOpen, this.#unread);
    this.#panel?.dressed();
  }

  // The panel ----------------------------------------------------------------------------

  /** Frame and panel code travel at the same time. */
  #warm({ frame: address, config }: Answer) {
    const host = this.#host;
    if (this.#frame || !host) return;
    const title = config.settings.title || this.#words()[0];
    const holder = make("div", "");
    const frame = (this.#frame = make("iframe", "", { title, allow: "autoplay", referrerpolicy: "strict-origin" }));
    holder.hidden = true;
    frame.onload = () => void (frame.dataset.loaded = "1");
    frame.src = address.href;
    holder.appendChild(frame);
    this.#box.appendChild(holder);
    void load(this.wish.base).then(
      ({ attach }) => {
        if (!this.#host) return;
        this.#panel = attach(this.#core(host.root, holder, frame, address.origin, title));
        this.#panel.dressed();
      },
      () => this.#broken(),
    );
  }

  #core(root: ShadowRoot, panel: HTMLElement, frame: HTMLIFrameElement, origin: string, title: string): Core {
    return {
      base: this.wish.base,
      box: this.#box,
      root,
      panel,
      frame,
      origin,
      told: this.told,
      isInline: this.#isInline,
      title,
      words: () => this.#words(),
      language: () => this.#language(),
      theme: () => this.#theme,
      isOpen: () => this.#isOpen,
      isAsked: () => this.#isAsked,
      answer: () => this.#permission.answer!,
      ticket: () => this.#permission.ticket(),
      unread: (count) => this.#count(count),
      close: () => this.close(),
      emit: this.emit,
    };
  }

  #count(count: number) {
    this.#unread = count;
    this.#launcher?.state(this.#isOpen, count);
    this.emit("unread", { count });
  }

  #broken() {
    this.emit("error", { code: "panel_unavailable" });
    this.#frame?.parentElement?.remove();
    this.#frame = null;
    this.close();
  }

  #show() {
    const { answer } = this.#permission;
    this.#wantsOpen = true;
    if (!this.#host || !answer || this.#isOpen) return;
    this.#isHidden = false;
    this.#isOpen = true;
    this.#before = document.activeElement;
    this.#warm(answer);
    this.#dress();
    this.emit("open", { widget: this.wish.widget });
  }

  // Commands -----------------------------------------------------------------------------

  open() {
    this.#isAsked = true;
    this.#show();
  }

  close() {
    this.#wantsOpen = this.#isAsked = false;
    if (!this.#isOpen || this.#isInline) return;
    this.#isOpen = false;
    this.#dress();
    const back = this.#launcher && !this.#isHidden ? this.#launcher.element : this.#before;
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    this.emit("close", { widget: this.wish.widget });
  }

  toggle() {
    if (this.#isOpen) this.close();
    else this.open();
  }

  hide(isHidden: boolean) {
    this.#isHidden = isHidden;
    if (isHidden) this.close();
    this.#dress();
  }

  speak(locale: string) {
    this.#locale = locale;
    this.#launcher?.words(this.#words());
    this.tell({ type: "locale", locale: this.#language() });
  }

  shade(theme: Theme) {
    this.#theme = theme;
    this.tell({ type: "theme", theme });
    this.#dress();
  }

  tell(message: ToFrame) {
    this.told.set(message.type, message);
    this.#panel?.tell(message);
  }
}

function load(base: string): Promise<PanelModule> {
  const at = `${base}/widget/assets/`;
  return import(at + PANEL_FILE).catch(() => import(`${at}panel.js?${Date.now()}`));
}
