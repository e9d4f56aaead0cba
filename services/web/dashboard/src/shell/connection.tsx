import { useEffect, useRef, useState } from "react";
import { CloudOff, LoaderCircle, Wifi } from "lucide-react";
import { Banner, Button } from "ui";
import { useInbox, useInboxState } from "../inbox/context.tsx";
import { t } from "./words.ts";
import css from "./shell.module.css";

const PATIENCE_MS = 1_500;

/** Says nothing while all is well, and nothing for a blink of trouble. */
export function Connection() {
  const inbox = useInbox();
  const { state, wasOnline } = useInboxState((all) => all.connection);
  const queued = useInboxState((all) => all.waiting.filter((item) => item.state !== "failed").length);
  const [offline, setOffline] = useState(() => !navigator.onLine);
  const trouble = offline || !(state === "online" || state === "polling");
  const [shown, setShown] = useState<"none" | "trouble" | "back">("none");
  const was = useRef(false);

  useEffect(() => {
    const back = () => {
      setOffline(false);
      inbox.wake();
    };
    const lost = () => setOffline(true);
    const visible = () => document.visibilityState === "visible" && inbox.wake();
    window.addEventListener("online", back);
    window.addEventListener("offline", lost);
    document.addEventListener("visibilitychange", visible);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", visible);
    };
  }, [inbox]);

  useEffect(() => {
    const next = trouble ? "trouble" : was.current ? "back" : "none";
    const timer = setTimeout(() => {
      setShown(next);
      was.current = trouble;
    }, trouble ? PATIENCE_MS : 0);
    const hide = next === "back" ? setTimeout(() => setShown("none"), 2_500) : undefined;
    return () => {
      clearTimeout(timer);
      clearTimeout(hide);
    };
  }, [trouble]);

  if (shown === "none") return null;
  if (shown === "back") return <Banner tone="good" icon={<Wifi size={14} aria-hidden />}>{t("back")}</Banner>;
  const words = offline ? t("offline") : wasOnline ? t("reconnecting") : t("connecting");
  const icon = offline ? <CloudOff size={14} aria-hidden /> : <LoaderCircle size={14} className={css["spin"]} aria-hidden />;
  return (
    <Banner tone="warn" icon={icon} action={<Button size="s" tone="quiet" onClick={() => inbox.wake()}>{t("tryNow")}</Button>}>
      {words} {queued > 0 && t("queued", { n: queued })}
    </Banner>
  );
}
