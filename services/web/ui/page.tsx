import type { ReactNode } from "react";
import css from "./page.module.css";

type PageProps = { title: string; text?: ReactNode; actions?: ReactNode; back?: ReactNode; children: ReactNode; wide?: boolean };

/** A settings page: a head that stays, a body that scrolls. */
export function Page({ title, text, actions, back, children, wide }: PageProps) {
  return (
    <main className={css["page"]} id="main" tabIndex={0}>
      <div className={css["inner"]} data-wide={wide || undefined}>
        {back}
        <header className={css["head"]}>
          <div>
            <h1>{title}</h1>
            {text && <p>{text}</p>}
          </div>
          {actions && <div className={css["actions"]}>{actions}</div>}
        </header>
        {children}
      </div>
    </main>
  );
}

type TabsProps = { label: string; items: ReadonlyArray<{ href: string; label: string; current: boolean }> };

/** Parts of one page, each with an address of its own. */
export const Tabs = ({ label, items }: TabsProps) => (
  <nav className={css["tabs"]} aria-label={label}>
    {items.map((item) => (
      <a key={item.href} href={item.href} aria-current={item.current ? "page" : undefined}>
        {item.label}
      </a>
    ))}
  </nav>
);

type SectionProps = { title?: string; text?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean };

export function Section({ title, text, actions, children, flush }: SectionProps) {
  return (
    <section className={css["section"]} {...(title ? { "aria-label": title } : {})}>
      {title && (
        <header className={css["sectionHead"]}>
          <div>
            <h2>{title}</h2>
            {text && <p>{text}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className={css["card"]} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}

export const Rows = ({ children }: { children: ReactNode }) => <ul className={css["rows"]}>{children}</ul>;

type RowProps = { lead?: ReactNode; title: ReactNode; text?: ReactNode; end?: ReactNode };

export function Row({ lead, title, text, end }: RowProps) {
  return (
    <li className={css["row"]}>
      {lead}
      <div className={css["rowWords"]}>
        <div className={css["rowTitle"]}>{title}</div>
        {text && <div className={css["rowText"]}>{text}</div>}
      </div>
      {end && <div className={css["rowEnd"]}>{end}</div>}
    </li>
  );
}

export const Form = ({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) => (
  <form
    className={css["form"]}
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit();
    }}
  >
    {children}
  </form>
);

export const FormEnd = ({ children }: { children: ReactNode }) => <div className={css["formEnd"]}>{children}</div>;
export const Pair = ({ children }: { children: ReactNode }) => <div className={css["pair"]}>{children}</div>;
