import { lazy, Suspense, useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Empty, say, sentence, Skeleton } from "ui";
import { Door } from "../identity/door.tsx";
import { AccountScreen } from "../identity/account.tsx";
import { SettingsScreen } from "../identity/settings.tsx";
import { TeamScreen } from "../identity/team.tsx";
import { InboxContext } from "../inbox/context.tsx";
import { createInbox, type Inbox } from "../inbox/inbox.ts";
import { InboxScreen } from "../inbox/screen.tsx";
import { useStore } from "../inbox/store.ts";
import { go, everything, useRoute, type Route } from "../router.ts";
import { session, useSelf } from "../session.ts";
import { WidgetScreen } from "../widgets/screen.tsx";
import { WidgetsScreen } from "../widgets/list.tsx";
import { Alerts } from "./alerts.tsx";
import { Connection } from "./connection.tsx";
import { Keyboard } from "./keyboard.tsx";
import { follow } from "./follow.ts";
import { Navigation } from "./navigation.tsx";
import { t } from "./words.ts";
import css from "./shell.module.css";

/** A chunk of its own: most people never see it. */
const WhatsAppScreen = lazy(() => import("../whatsapp/screen.tsx"));

/** The house of one signed-in person. Lives as long as the session; a new person gets a new one. */
export default function SignedIn() {
  const self = useSelf();
  const client = useQueryClient();
  const inbox = useKept(() => createInbox(self, (error) => say(sentence(error), { tone: "bad" })));
  useEffect(() => (inbox ? follow(inbox, client) : undefined), [inbox, client]);
  if (!inbox) return null;
  return (
    <InboxContext value={inbox}>
      <Frame inbox={inbox} />
    </InboxContext>
  );
}

/** Made in an effect, so that every inbox made is also closed: strict mode mounts twice. */
function useKept(make: () => Inbox): Inbox | null {
  const [kept, setKept] = useState<Inbox | null>(null);
  useEffect(() => {
    const made = make();
    setKept(made);
    return () => made.close();
  }, []);
  return kept;
}

function Frame({ inbox }: { inbox: Inbox }) {
  const route = useRoute();
  const self = useSelf();
  const stopped = useStore(inbox.store, (state) => state.connection.reason === "suspended");
  if (stopped || self.tenant.status === "suspended") return <Suspended />;
  return (
    <div className={css["frame"]} data-open={(route.page === "inbox" && route.conversation !== null) || undefined}>
      <a className={css["skip"]} href="#main" onClick={focusMain}>
        {t("skip")}
      </a>
      <Navigation route={route} />
      <div className={css["main"]}>
        <Connection />
        <Screen route={route} />
      </div>
      <Alerts route={route} />
      <Keyboard />
    </div>
  );
}

/** The address after the hash is the route's, so the link moves the focus by hand. */
function focusMain(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Screen({ route }: { route: Route }) {
  switch (route.page) {
    case "inbox":
      return <InboxScreen conversation={route.conversation} filter={route.filter} />;
    case "widgets":
      return <WidgetsScreen />;
    case "widget":
      return <WidgetScreen key={route.id} id={route.id} tab={route.tab} />;
    case "team":
      return <TeamScreen />;
    case "account":
      return <AccountScreen />;
    case "settings":
      return <SettingsScreen tab={route.tab} />;
    case "whatsapp":
      return (
        <Suspense fallback={<Skeleton kind="cards" lines={2} />}>
          <WhatsAppScreen part={route.part} />
        </Suspense>
      );
    default:
      return <Missing />;
  }
}

function Missing() {
  const back = () => go({ page: "inbox", conversation: null, filter: everything });
  return (
    <Empty title={t("missing")} action={<Button onClick={back}>{t("toInbox")}</Button>}>
      {t("missingText")}
    </Empty>
  );
}

function Suspended() {
  const { tenant } = useSelf();
  return (
    <Door title={t("suspendedTitle", { tenant: tenant.name })}>
      <p>{t("suspendedText")}</p>
      <Button tone="primary" onClick={() => location.reload()}>{t("checkAgain")}</Button>
      <Button tone="quiet" onClick={() => void session.signOut()}>{t("signOut")}</Button>
    </Door>
  );
}
