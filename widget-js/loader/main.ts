/**
 * The script a client site includes. Reads its own tag, answers `window.porchlight`, and
 * starts one widget per tag. Sets no cookie, stores nothing, asks the server one thing.
 *
 * Several widgets: `porchlight("wgt_…", "open")` or the tag's `data-key` addresses one;
 * without a key, `open` and `toggle` mean the first, everything else means all.
 */

import { Widget, type WidgetOnPage, type Wish } from "./widget";

type Listener = (detail: unknown) => void;
type Api = ((...args: unknown[]) => unknown) & { q?: ArrayLike<unknown>[]; version?: number };

const COMMANDS = "open close toggle show hide identify set context locale theme on shutdown";
const FOR_ONE = "open toggle";

function createApi(): Api {
  const widgets: WidgetOnPage[] = [];
  const listeners: { event: string; key: string; run: Listener }[] = [];
  /** What became of each widget, for those who ask after it was known. */
  const outcomes = new Map<Wish, [event: string, detail: unknown]>();
  /** Commands that came before any tag they could be meant for. */
  let early: unknown[][] = [];

  function api(...args: unknown[]): unknown {
    if (args[0] === "add") return void add(args[1] as HTMLScriptElement);
    const isNamed = typeof args[0] === "string" && !COMMANDS.split(" ").includes(args[0]);
    const key = isNamed ? (args[0] as string) : "";
    const [name, first, second] = isNamed ? args.slice(1) : args;
    if (name === "on") return on(String(first), second as Listener, key);
    const meant = chosen(key, String(name));
    if (!meant.length) early.push(args);
    for (const one of meant) act(one, String(name), first);
  }

  function chosen(key: string, name: string): WidgetOnPage[] {
    const meant = widgets.filter((one) => !key || one.wish.key === key || one.wish.widget === key);
    return FOR_ONE.split(" ").includes(name) && !key ? meant.slice(0, 1) : meant;
  }

  function act(one: WidgetOnPage, name: string, argument: unknown) {
    if (name !== "shutdown") return one.command(name, argument);
    one.shutdown();
    outcomes.delete(one.wish);
    widgets.splice(widgets.indexOf(one), 1);
  }

  function on(event: string, run: Listener, key: string) {
    const mine = { event, key, run };
    if (typeof run !== "function") return () => {};
    listeners.push(mine);
    outcomes.forEach(([was, detail], wish) => was === event && call(mine, wish, detail));
    return () => void (listeners.includes(mine) && listeners.splice(listeners.indexOf(mine), 1));
  }

  function emit(wish: Wish, event: string, detail: unknown) {
    if (event === "ready" || event === "blocked") outcomes.set(wish, [event, detail]);
    for (const one of listeners.slice()) if (one.event === event) call(one, wish, detail);
  }

  /** In its own turn: the page's mistakes are the page's to see, not ours to die of. */
  function call({ key, run }: (typeof listeners)[number], wish: Wish, detail: unknown) {
    if (!key || key === wish.key || key === wish.widget) setTimeout(() => run(detail));
  }

  function add(tag: HTMLScriptElement) {
    const wish = readWish(tag);
    if (!wish || widgets.some((one) => one.wish.key === wish.key)) return;
    widgets.push(new Widget(wish, (event, detail) => emit(wish, event, detail)));
    const waiting = early;
    early = [];
    for (const args of waiting) api(...args);
  }

  return Object.assign(api, { version: 1 });
}

function readWish(tag: HTMLScriptElement): Wish | null {
  const data = (name: string) => tag.getAttribute(`data-${name}`) ?? "";
  const widget = data("widget");
  if (!widget || !tag.src) return null;
  return {
    base: new URL(tag.src).origin,
    widget,
    key: data("key") || widget,
    locale: data("locale"),
    target: data("target"),
    openOn: data("open-on"),
    openAfter: Number(data("open-after")) || 0,
  };
}

function start() {
  const page = window as { porchlight?: Api };
  const old = page.porchlight;
  const api = old?.version ? old : createApi();
  if (api !== old) {
    Object.defineProperty(window, "porchlight", { value: Object.freeze(api), configurable: true, enumerable: false });
  }
  const own = document.currentScript as HTMLScriptElement | null;
  // A module or an injected script does not know its own tag: then every tag that names a widget is meant.
  const tags = own?.getAttribute("data-widget") ? [own] : document.querySelectorAll<HTMLScriptElement>("script[data-widget]");
  for (let i = 0; i < tags.length; i++) api("add", tags[i]);
  if (api === old || !old?.q) return;
  for (let i = 0; i < old.q.length; i++) api(...Array.prototype.slice.call(old.q[i]));
}

start();
