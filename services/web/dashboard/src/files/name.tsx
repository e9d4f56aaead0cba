import { shownName, splitName } from "./kinds.ts";
import css from "./files.module.css";

/** A name cut in its middle, apart from the text around it: whatever its letters' direction, it turns nothing else. */
export function Name({ name }: { name: string }) {
  const [head, tail] = splitName(name);
  return (
    <bdi className={css["name"]} title={shownName(name)}>
      <span className={css["nameHead"]}>{head}</span>
      {tail && <span className={css["nameTail"]}>{tail}</span>}
    </bdi>
  );
}
