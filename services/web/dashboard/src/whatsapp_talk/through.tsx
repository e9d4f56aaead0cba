import { Users } from "lucide-react";
import type { Conversation } from "wire";
import { WhatsAppMark } from "./mark.tsx";
import { t } from "./words.ts";
import css from "./talk.module.css";

/** Through which number they write, under the name. */
export function Through({ conversation: { channel, group } }: { conversation: Conversation }) {
  if (!channel) return null;
  return (
    <span className={css["through"]}>
      <WhatsAppMark size={12} label={t("whatsapp")} />
      {group !== null && (
        <>
          <Users size={12} aria-hidden /> {t("group")} ·
        </>
      )}
      <span>{channel.name === channel.address ? channel.address : `${channel.name} · ${channel.address}`}</span>
    </span>
  );
}
