/** Who speaks, as a circle with letters. */

import { initials } from "../initials";
import { Icon } from "./icons";

export function Face({ name }: { name: string }) {
  return (
    <span class="face" aria-hidden="true">
      {initials(name) || <Icon name="talk" size={16} />}
    </span>
  );
}
