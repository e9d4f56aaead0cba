import type { ReactNode } from "react";
import { AppWindow, Bell, BellOff, Inbox as InboxIcon, Keyboard, LogOut, Monitor, Moon, Settings, Sun, UserRound, Users, Volume2 } from "lucide-react";
import { Avatar, chooseTheme, Count, Lamp, Menu, MenuItem, MenuLabel, MenuLine, Tip, useTheme, type Theme } from "ui";
import { everything, format, go, type Route } from "../router.ts";
import { session, useSelf } from "../session.ts";
import { useInboxState } from "../inbox/context.tsx";
import { perform } from "../keyboard/hub.ts";
import { capsOf } from "../keyboard/keys.ts";
import { useAlertSettings } from "./alert_settings.ts";
import { t } from "./words.ts";
import css from "./shell.module.css";

const pages: { route: Route; label: "inbox" | "widgets" | "team" | "settings"; icon: ReactNode }[] = [
  { route: { page: "inbox", conversation: null, filter: everything }, label: "inbox", icon: <InboxIcon size={19} aria-hidden /> },
  { route: { page: "widgets" }, label: "widgets", icon: <AppWindow size={19} aria-hidden /> },
  { route: { page: "team" }, label: "team", icon: <Users size={19} aria-hidden /> },
  { route: { page: "settings", tab: "team" }, label: "settings", icon: <Settings size={19} aria-hidden /> },
];

export function Navigation({ route }: { route: Route }) {
  const unread = useInboxState((state) => state.unread?.total ?? 0);
  const current = route.page === "widget" ? "widgets" : route.page === "whatsapp" ? "settings" : route.page;
  return (
    <nav className={css["rail"]} aria-label={t("navigation")}>
      <span className={css["lamp"]}>
        <Lamp size={26} />
      </span>
      {pages.map(({ route: to, label, icon }) => (
        <Tip key={label} text={t(label)} side="right">
          <a className={css["page"]} href={format(to)} aria-current={current === to.page ? "page" : undefined}>
            {icon}
            <span className={css["pageName"]}>{t(label)}</span>
            {label === "inbox" && unread > 0 && (
              <span className={css["pageCount"]}>
                <Count n={unread} label={t("unread", { n: unread })} />
              </span>
            )}
          </a>
        </Tip>
      ))}
      <span className={css["gap"]} />
      <Person />
    </nav>
  );
}

function Person() {
  const { agent, tenant } = useSelf();
  const now = useTheme();
  const alerts = useAlertSettings();
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
          <Avatar name={agent.name} seed={agent.id} size={32} />
          <span className="sr-only">{`${agent.name}, ${tenant.name}`}</span>
        </button>
      }
    >
      <MenuLabel>{agent.name}</MenuLabel>
      <MenuLabel>{tenant.name}</MenuLabel>
      <MenuItem icon={<UserRound size={14} aria-hidden />} onSelect={() => go({ page: "account" })}>{t("account")}</MenuItem>
      <MenuItem icon={<Keyboard size={14} aria-hidden />} keys={capsOf("cheat-sheet")} onSelect={() => void perform("cheat-sheet")}>{t("shortcuts")}</MenuItem>
      <MenuLine />
      <MenuLabel>{t("theme")}</MenuLabel>
      {themes.map(({ value, icon }) => (
        <MenuItem key={value} icon={icon} checked={now === value} onSelect={() => chooseTheme(value)}>{t(value)}</MenuItem>
      ))}
      <MenuLine />
      <MenuLabel>{t("alerts")}</MenuLabel>
      <MenuItem icon={<Volume2 size={14} aria-hidden />} checked={alerts.sound} onSelect={alerts.toggleSound}>{t("soundOn")}</MenuItem>
      <MenuItem
        icon={alerts.denied ? <BellOff size={14} aria-hidden /> : <Bell size={14} aria-hidden />}
        checked={alerts.desktop}
        disabled={alerts.denied}
        onSelect={alerts.toggleDesktop}
      >
        {t(alerts.denied ? "desktopDenied" : "desktopOn")}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut size={14} aria-hidden />} onSelect={() => void session.signOut()}>{t("signOut")}</MenuItem>
    </Menu>
  );
}
