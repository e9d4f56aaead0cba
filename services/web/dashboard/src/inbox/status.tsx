import type { ReactNode } from "react";
import { Archive, CircleCheck, CircleDot, Clock, Hourglass } from "lucide-react";
import type { ConversationStatus } from "wire";
import type { Tone } from "ui";

export const statuses: readonly ConversationStatus[] = ["open", "pending", "snoozed", "resolved", "archived"];

export const statusTone: Record<ConversationStatus, Tone> = {
  open: "accent",
  pending: "warn",
  snoozed: "snooze",
  resolved: "good",
  archived: "neutral",
};

export function statusIcon(status: ConversationStatus, size = 14): ReactNode {
  const Icon = { open: CircleDot, pending: Hourglass, snoozed: Clock, resolved: CircleCheck, archived: Archive }[status];
  return <Icon size={size} aria-hidden />;
}
