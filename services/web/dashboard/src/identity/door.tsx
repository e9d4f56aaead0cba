import type { ReactNode } from "react";
import { Lamp } from "ui";
import css from "./door.module.css";

/** The frame around everything that happens before somebody is in. */
export function Door({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <main className={css["door"]}>
      <div className={css["porch"]}>
        <p className={css["brand"]}>
          <Lamp size={26} />
          Porchlight
        </p>
        <div className={css["card"]}>
          <h1>{title}</h1>
          {text && <p className={css["text"]}>{text}</p>}
          {children}
        </div>
      </div>
    </main>
  );
}
