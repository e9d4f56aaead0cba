/** How a form counts down the pause the server asked for. */
import { useEffect, useState } from "react";
import { Problem } from "wire";

export function useThrottle() {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until, now >= until]);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const notice = (error: unknown) => {
    if (!(error instanceof Problem) || error.status !== 429) return;
    setNow(Date.now());
    setUntil(Date.now() + (error.retryAfterMs ?? 30_000));
  };
  return { seconds, notice };
}
