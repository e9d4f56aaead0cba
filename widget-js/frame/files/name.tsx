/** A file's name on one line. When it is too long its middle goes: beginning and ending say what it is. */

import { shownName } from "../../wire/file_text";

const TAIL = 10;

/** `bdi` takes its direction from the name, and its two parts follow it. */
export function Name({ name }: { name: string }) {
  const letters = Array.from(shownName(name));
  const tail = letters.slice(-TAIL).join("").trimStart();
  return (
    <bdi class="name" title={letters.join("")}>
      <span>{letters.join("").slice(0, -tail.length)}</span>
      <span>{tail}</span>
    </bdi>
  );
}
