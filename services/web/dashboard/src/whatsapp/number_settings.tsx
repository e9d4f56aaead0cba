import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { List, WhatsAppNumber } from "wire";
import { Button, Chip, Field, Input, say, Section, sentence, Toggle } from "ui";
import { numbersKey, saveSettings } from "./api.ts";
import { minutes } from "./nudge.ts";
import { t } from "./number_words.ts";
import css from "./whatsapp.module.css";

const USUAL_MINUTES = 60;

export function NumberSettings({ number }: { number: WhatsAppNumber }) {
  const client = useQueryClient();
  const before = number.settings;
  const [receipts, setReceipts] = useState(before.read_receipts);
  const [typing, setTyping] = useState(before.typing);
  const [nudge, setNudge] = useState(before.nudge_minutes === null ? null : String(before.nudge_minutes));
  const wrong = nudge !== null && minutes(nudge) === null;
  const next = nudge === null ? null : minutes(nudge);
  const changed = receipts !== before.read_receipts || typing !== before.typing || next !== before.nudge_minutes || wrong;
  const save = useMutation({
    mutationFn: () => saveSettings(number.id, { read_receipts: receipts, typing, nudge_minutes: next ?? 0 }),
    onSuccess: (saved) => {
      client.setQueryData<List<WhatsAppNumber>>(numbersKey, (list) => list && { ...list, items: list.items.map((one) => (one.id === saved.id ? saved : one)) });
      say(t("saved"));
    },
  });
  const discard = () => (setReceipts(before.read_receipts), setTyping(before.typing), setNudge(before.nudge_minutes === null ? null : String(before.nudge_minutes)));
  return (
    <Section title={t("conversation")}>
      <div className={css["stack"]}>
        <Toggle label={t("receipts")} text={t("receiptsText")} checked={receipts} onChange={setReceipts} />
        <Toggle label={t("typing")} text={t("typingText")} checked={typing} onChange={setTyping} />
        <Toggle label={t("nudge")} text={t("nudgeText")} checked={nudge !== null} onChange={(on) => setNudge(on ? String(USUAL_MINUTES) : null)} />
        {nudge !== null && (
          <div className={css["short"]}>
            <Field label={t("nudgeMinutes")} error={wrong ? t("nudgeWrong") : null}>
              <Input inputMode="numeric" value={nudge} onChange={(event) => setNudge(event.target.value)} />
            </Field>
          </div>
        )}
        {save.error && <p className={css["fault"]} role="alert">{sentence(save.error)}</p>}
        <div className={css["buttons"]}>
          <Button tone="primary" busy={save.isPending} disabled={!changed || wrong} onClick={() => save.mutate()}>{t("save")}</Button>
          {changed && <Button onClick={discard}>{t("discard")}</Button>}
          {changed && <Chip tone="warn">{t("unsaved")}</Chip>}
        </div>
      </div>
    </Section>
  );
}
