import { useEffect, useState } from "react";
import { preview, type LiveEvent } from "wire";
import { contactName, useInbox, useInboxState } from "../inbox/context.tsx";
import { isLooking } from "../inbox/reading.ts";
import { goInbox, type Route } from "../router.ts";
import { wantsDesktop, wantsSound } from "./alert_settings.ts";
import { badge } from "./badge.ts";
import { chime } from "./chime.ts";
import { useOnlyTab } from "./only_tab.ts";
import { t } from "./words.ts";

/** New words reach the eye (title, icon, notification), the ear (sound) and the screen reader. */
export function Alerts({ route }: { route: Route }) {
  const inbox = useInbox();
  const unread = useInboxState((state) => state.unread?.total ?? 0);
  const isOnlyTab = useOnlyTab("porchlight.alerts");
  const [said, setSaid] = useState("");
  const page = route.page === "inbox" || route.page === "widgets" || route.page === "team" || route.page === "settings" ? t(route.page) : "";

  useEffect(() => {
    document.title = [unread > 0 ? `(${unread > 99 ? "99+" : unread})` : "", page, page ? "·" : "", t("product")].filter(Boolean).join(" ");
    badge(unread);
  }, [unread, page]);

  useEffect(
    () =>
      inbox.listen((event) => {
        const news = newsOf(event);
        if (!news) return;
        const name = nameFor(inbox, news.conversation_id) ?? news.message.author.name;
        setSaid(t("announce", { name, text: news.message.body.slice(0, 200) || t("announceFiles", { names: preview("", news.message.files) }) }));
        if (!isOnlyTab() || isLooking()) return;
        if (wantsSound()) chime();
        if (wantsDesktop()) notify(name, news);
      }),
    [inbox, isOnlyTab],
  );

  return (
    <div className="sr-only" aria-live="polite" aria-atomic>
      {said}
    </div>
  );
}

type News = Extract<LiveEvent, { type: "message_posted" }>;

function newsOf(event: LiveEvent): News | null {
  return event.type === "message_posted" && event.message.author.kind === "visitor" ? event : null;
}

function nameFor(inbox: ReturnType<typeof useInbox>, id: string): string | null {
  const found = inbox.store.get().inbox.conversations.get(id);
  return found ? contactName(found.contact) : null;
}

function notify(name: string, news: News) {
  const notice = new Notification(name, { body: preview(news.message.body.slice(0, 160), news.message.files), tag: news.conversation_id, icon: "/app/icon.svg" });
  notice.onclick = () => {
    window.focus();
    goInbox({ conversation: news.conversation_id });
    notice.close();
  };
}
