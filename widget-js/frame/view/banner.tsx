/** One line about the way to the server, only when there is something to say. */

import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Connection } from "../state";

/** Most connections are there before anybody could read that they are not. */
const PATIENCE_MS = 1_200;
const BACK_SHOWN_MS = 2_500;

export function Banner({ connection, queued, limited }: { connection: Connection; queued: number; limited: number | null }) {
  const [shown, setShown] = useState<Connection | "back" | "">("");
  const was = useRef(connection);
  const seconds = useCountdown(limited);

  useEffect(() => {
    const isBack = was.current === "offline" && connection === "online";
    was.current = connection === "connecting" && was.current === "offline" ? "offline" : connection;
    if (connection === "online") setShown(isBack ? "back" : "");
    const timer = setTimeout(
      () => setShown((now) => (connection === "online" ? "" : connection === "connecting" && now === "offline" ? now : connection)),
      connection === "online" ? BACK_SHOWN_MS : PATIENCE_MS,
    );
    return () => clearTimeout(timer);
  }, [connection]);

  const text =
    seconds > 0
      ? t("limited", { n: seconds })
      : shown === "offline"
        ? queued
          ? tn("offline_queued", queued)
          : t("offline")
        : shown === "connecting"
          ? t("connecting")
          : shown === "back"
            ? t("back_online")
            : "";
  return (
    <div class={`banner ${seconds > 0 ? "offline" : shown}`} role="status">
      {text}
    </div>
  );
}

function useCountdown(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
