/** Who speaks, as a circle with letters. */

import { Icon } from "./icons";

export function Face({ name }: { name: string }) {
  const letters = Array.from(name.trim().split(/\s+/).slice(0, 2), (word) => Array.from(word)[0] ?? "").join("");
  return (
    <span class="face" aria-hidden="true">
      {letters.toUpperCase() || <Icon name="talk" size={16} />}
    </span>
  );
}
