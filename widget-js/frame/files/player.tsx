/** The browser's own player, on an address that lives for minutes: renewed in the middle of listening when it must be. */

import { useRef } from "preact/hooks";
import type { FileTools } from ".";
import { t } from "../i18n";
import type { ShownFile } from "./shown";
import { spoken } from "./words";
import { useLink } from "./link";

export function Player({ file, tools }: { file: ShownFile; tools: FileTools }) {
  const link = useLink(tools.links, file.id, "full", true);
  const heard = useRef(0);
  const wasPlaying = useRef(false);
  if (link.isBroken) return <p class="broken">{t("player_failed")}</p>;
  if (!link.url) return null;
  const props = {
    src: link.url,
    controls: true,
    preload: "metadata",
    "aria-label": t("play", { name: spoken(file.name) }),
    onTimeUpdate: (event: { currentTarget: HTMLMediaElement }) => {
      heard.current = event.currentTarget.currentTime;
      wasPlaying.current = !event.currentTarget.paused;
    },
    onLoadedMetadata: ({ currentTarget: player }: { currentTarget: HTMLMediaElement }) => {
      if (!heard.current) return;
      player.currentTime = heard.current;
      if (wasPlaying.current) void player.play().catch(() => {});
    },
    onError: link.failed,
  } as const;
  return file.kind === "video" ? <video {...props} playsInline width={228} height={128} /> : <audio {...props} />;
}
