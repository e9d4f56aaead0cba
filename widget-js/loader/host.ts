/**
 * Our one element in a stranger's page: where it sits, that it stays, and that it steps aside.
 *
 * It hangs on the root element, not the body, so that a replaced or emptied body takes
 * nothing with it; it is shown in the top layer, where neither a z-index nor a transformed
 * ancestor can bury or move it; its geometry is inline and important, which no rule of the
 * page can beat. Everything is set through the style object, which a page's policy allows.
 */

export interface Host {
  element: HTMLElement;
  root: ShadowRoot;
  remove(): void;
}

const KNOCK = "porchlight";
const FLOATING =
  "all:initial;position:fixed;inset:0;width:auto;height:auto;max-width:none;max-height:none;margin:0;padding:0;border:0;display:block;overflow:visible;background:none;pointer-events:none;z-index:2147483647;opacity:1;visibility:visible;transform:none;filter:none;clip-path:none;contain:none;direction:ltr";
const INLINE =
  "all:initial;display:block;position:relative;width:100%;height:100%;min-height:min(560px,90vh);contain:layout";

/** What a page changes on its root when it opens a modal of its own. */
const MARKS: MutationObserverInit = { attributes: true, attributeFilter: ["class", "style", "data-scroll-locked"] };

export function createHost(css: string, find: (() => Element | null) | null, erased: () => void): Host {
  const element = document.createElement("porchlight-widget");
  const root = element.attachShadow({ mode: "open" });
  lay(element, find ? INLINE : FLOATING);
  dress(root, css);

  const observer = new MutationObserver((records) => {
    // Attributes of the root may be animated at every frame: those wait a little.
    if (records.some((record) => record.type === "childList")) stay();
    else soon ||= window.setTimeout(stay, 100);
  });
  let top: Element | null = null;
  let body: Element | null = null;
  let isHeard = false;
  let soon = 0;
  let times = 0;
  let decay = 0;

  function stay() {
    clearTimeout(soon);
    soon = 0;
    if (top !== document.documentElement || body !== document.body) watch();
    if (!element.isConnected) attach();
    if (!find) rise();
  }

  function watch() {
    top = document.documentElement;
    body = document.body;
    observer.disconnect();
    observer.observe(document, { childList: true });
    // An inline host lives deep in the page; a floating one needs the first level and the marks modals leave.
    if (top) observer.observe(top, find ? { childList: true, subtree: true } : { childList: true, ...MARKS });
    if (body && !find) observer.observe(body, MARKS);
  }

  function attach() {
    // A page that throws us out for ever is left alone in the end.
    if (times > 40) return;
    times++;
    decay ||= window.setTimeout(() => (times = decay = 0), 10_000);
    const place = find ? find() : document.documentElement;
    place?.appendChild(element);
    isHeard = false;
    element.dispatchEvent(new Event(KNOCK));
    // `document.open` takes every listener from every element: what is left of us is a picture.
    if (!isHeard) erased();
  }

  /** Into the top layer, unless the page shows a modal of its own: that one goes first. */
  function rise() {
    const aside = hasModal();
    element.style.setProperty("display", aside ? "none" : "block", "important");
    if (!element.showPopover) return;
    try {
      if (aside || !element.isConnected) return;
      if (!element.matches(":popover-open")) element.showPopover();
    } catch {
      // A detached or inactive document; the z-index has to do.
    }
  }

  function hasModal(): boolean {
    for (const one of document.querySelectorAll<HTMLElement>('[aria-modal="true"],dialog[open]')) {
      if (one.localName === "dialog" ? isModal(one) : one.getClientRects().length > 0) return true;
    }
    return false;
  }

  // A native modal opened after us already lies above us, and makes us inert; only a fresh rise would cover it.
  function isModal(one: Element) {
    try {
      return one.matches(":modal") && !element.matches(":popover-open");
    } catch {
      return false;
    }
  }

  if (!find) element.setAttribute("popover", "manual");
  element.addEventListener(KNOCK, () => (isHeard = true));
  stay();
  return {
    element,
    root,
    remove() {
      observer.disconnect();
      clearTimeout(decay);
      clearTimeout(soon);
      element.remove();
    },
  };
}

function lay(element: HTMLElement, rules: string) {
  for (const rule of rules.split(";")) {
    const at = rule.indexOf(":");
    element.style.setProperty(rule.slice(0, at), rule.slice(at + 1), "important");
  }
}

/** One more sheet, constructed, because a page's policy may forbid style elements. */
export function dress(root: ShadowRoot, css: string) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.appendChild(style);
  }
}
