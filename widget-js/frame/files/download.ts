/** A link to a file whose address lives for minutes: fetched when somebody reaches for it. */

import type { Links } from "../../wire/links";
import { shownName } from "../../wire/file_text";
import type { FileVariant } from "../../wire/types";

/** What an anchor needs to download a file. */
export function useDownload(links: Links, { id, name }: { id: string; name: string }, variant: FileVariant = "full") {
  const warm = () => void links.want(id, variant).catch(() => {});
  const go = (anchor: HTMLAnchorElement, url: string) => {
    anchor.href = url;
  };

  function clicked(event: MouseEvent & { currentTarget: HTMLAnchorElement }) {
    const anchor = event.currentTarget;
    const known = links.known(id, variant);
    if (known) return go(anchor, known);
    event.preventDefault();
    links.want(id, variant).then(
      (url) => url && (go(anchor, url), anchor.click()),
      () => {},
    );
  }

  return {
    href: links.known(id, variant) ?? "#",
    download: shownName(name),
    target: "_blank",
    rel: "noopener noreferrer",
    onPointerEnter: warm,
    onFocus: warm,
    onClick: clicked,
  };
}
