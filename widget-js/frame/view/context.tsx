/** What the visitor is asking about, pinned above the words. */

import type { Context } from "../../wire/types";
import { safeUrl } from "../../wire/text";
import { t } from "../i18n";
import { Icon } from "./icons";

export function ContextCard({ context }: { context: Context }) {
  return (
    <aside class="context" aria-label={t("about")}>
      <span class="picture">{isOurs(context.image) ? <img src={context.image!} alt="" /> : <Icon name="bag" size={20} />}</span>
      <span class="what">
        <strong dir="auto">{context.title}</strong>
        {context.price && <span dir="auto">{context.price}</span>}
      </span>
    </aside>
  );
}

/** Only pictures of our own origin are shown: the frame's policy lets no other through, and a stranger's would tell on the visitor. */
function isOurs(image: string | null): boolean {
  const address = image && safeUrl(image);
  return !!address && new URL(address).origin === location.origin;
}
