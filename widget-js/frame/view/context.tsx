/** What the visitor is asking about, pinned above the words. */

import { useState } from "preact/hooks";
import type { Context } from "../../wire/types";
import { safeUrl } from "../../wire/text";
import { t } from "../i18n";
import { Icon } from "./icons";

export function ContextCard({ context, host }: { context: Context; host: string }) {
  const [isBroken, setBroken] = useState(false);
  const image = isBroken ? null : pictureOf(context.image, host);
  return (
    <aside class="context" aria-label={t("about")}>
      <span class="picture">
        {image ? <img src={image} alt="" crossOrigin="anonymous" onError={() => setBroken(true)} /> : <Icon name="bag" size={20} />}
      </span>
      <span class="what">
        <strong>
          <bdi>{context.title}</bdi>
        </strong>
        {context.price && (
          <span>
            <bdi>{context.price}</bdi>
          </span>
        )}
      </span>
    </aside>
  );
}

/** Pictures of the site around us or of our own; a third one's server would learn of the visitor. */
function pictureOf(image: string | null, host: string): string | null {
  const address = image && safeUrl(image);
  return address && [location.origin, host].includes(new URL(address).origin) ? address : null;
}
