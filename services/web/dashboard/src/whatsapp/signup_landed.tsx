import { Empty } from "ui";
import { CircleCheck } from "lucide-react";
import { t } from "./signup_words.ts";

/** What Meta's window shows when it has come home. */
export function Landed() {
  return (
    <Empty icon={<CircleCheck size={22} aria-hidden />} title={t("landedTitle")}>
      {t("landedText")}
    </Empty>
  );
}
