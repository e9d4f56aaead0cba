import type { ReactNode } from "react";
import { Building2, LogOut, MessageCircle, Monitor, Moon, ScrollText, Server, Sun, UserRound } from "lucide-react";
import { Avatar, chooseTheme, Lamp, Menu, MenuItem, MenuLabel, MenuLine, useTheme, type Theme } from "ui";
import { format, go, type Route } from "../router.ts";
import { session, useOperator } from "../session.ts";
import { t } from "../words.ts";
import css from "./shell.module.css";

const pages = [
  { route: { page: "tenants", q: "", status: "all" }, label: "tenants", icon: <Building2 size={16} aria-hidden /> },
  { route: { page: "whatsapp" }, label: "whatsapp", icon: <MessageCircle size={16} aria-hidden /> },
  { route: { page: "audit" }, label: "audit", icon: <ScrollText size={16} aria-hidden /> },
  { route: { page: "system" }, label: "system", icon: <Server size={16} aria-hidden /> },
] as const satisfies { route: Route; label: string; icon: unknown }[];

export function Navigation({ route }: { route: Route }) {
  const current = route.page === "tenant" ? "tenants" : route.page;
  return (
    <header className={css["bar"]}>
      <span className={css["brand"]}>
        <Lamp size={24} /> {t("product")}
      </span>
      <nav aria-label={t("navigation")} className={css["nav"]}>
        {pages.map(({ route: to, label, icon }) => (
          <a key={label} href={format(to)} aria-current={current === to.page ? "page" : undefined}>
            {icon} <span>{t(label)}</span>
          </a>
        ))}
      </nav>
      <Person />
    </header>
  );
}

function Person() {
  const operator = useOperator();
  const now = useTheme();
  const themes: { value: Theme; icon: ReactNode }[] = [
    { value: "light", icon: <Sun size={14} aria-hidden /> },
    { value: "dark", icon: <Moon size={14} aria-hidden /> },
    { value: "auto", icon: <Monitor size={14} aria-hidden /> },
  ];
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className={css["person"]}>
          <Avatar name={operator.name} seed={operator.id} size={30} />
          <span className="sr-only">{operator.name}</span>
        </button>
      }
    >
      <MenuLabel>{operator.email}</MenuLabel>
      <MenuItem icon={<UserRound size={14} aria-hidden />} onSelect={() => go({ page: "account" })}>{t("account")}</MenuItem>
      <MenuLine />
      <MenuLabel>{t("theme")}</MenuLabel>
      {themes.map(({ value, icon }) => (
        <MenuItem key={value} icon={icon} checked={now === value} onSelect={() => chooseTheme(value)}>{t(value)}</MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<LogOut size={14} aria-hidden />} onSelect={() => void session.signOut()}>{t("signOut")}</MenuItem>
    </Menu>
  );
}
