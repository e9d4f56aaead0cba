import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WhatsAppNumber } from "wire";
import { Button, Chip, Failed, Field, Input, Pair, say, Section, Skeleton, Textarea } from "ui";
import { numberKey, profile, saveProfile, type Profile } from "./api.ts";
import { Choice } from "./parts.tsx";
import { faults, VERTICALS, verticalName, type ProfileFault } from "./profile_rules.ts";
import { Refused } from "./refused.tsx";
import { t } from "./number_words.ts";
import css from "./whatsapp.module.css";

export function ProfilePart({ number }: { number: WhatsAppNumber }) {
  const { data, isPending, error, refetch } = useQuery({ queryKey: numberKey(number.id, "profile"), queryFn: () => profile(number.id), refetchOnWindowFocus: false });
  if (isPending) return <Skeleton kind="cards" lines={2} />;
  if (error) return <Failed error={error} title={t("noProfile")} onRetry={() => void refetch()} />;
  return <Form key={JSON.stringify(data)} number={number} known={data} />;
}

function Form({ number, known }: { number: WhatsAppNumber; known: Profile }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(known);
  const found = faults(draft, known.about !== "");
  const changed = JSON.stringify(draft) !== JSON.stringify(known);
  const save = useMutation({
    mutationFn: () => saveProfile(number.id, { ...draft, websites: draft.websites.filter((site) => site !== "") }),
    onSuccess: (saved) => {
      client.setQueryData(numberKey(number.id, "profile"), saved);
      say(t("profileSaved"));
    },
  });
  const change = (part: Partial<Profile>) => setDraft({ ...draft, ...part });
  const site = (index: 0 | 1, value: string) => change({ websites: index === 0 ? [value, draft.websites[1] ?? ""] : [draft.websites[0] ?? "", value] });
  const categories = [...new Set([...VERTICALS, ...(draft.vertical ? [draft.vertical] : [])])];
  return (
    <Section title={t("tab.profile")} text={t("profileText")}>
      <div className={css["stack"]}>
        <Field label={t("about")} hint={t("aboutHint")} error={fault(found, "about")}>
          <Input value={draft.about} onChange={(event) => change({ about: event.target.value })} />
        </Field>
        <Field label={t("description")} error={fault(found, "description")}>
          <Textarea value={draft.description} onChange={(event) => change({ description: event.target.value })} />
        </Field>
        <Pair>
          <Field label={t("vertical")}>
            <Choice label={t("vertical")} value={draft.vertical || "OTHER"} options={categories.map((value) => ({ value, label: verticalName(value) }))} onChange={(vertical) => change({ vertical })} />
          </Field>
          <Field label={t("email")} error={fault(found, "email")}>
            <Input type="email" autoComplete="off" value={draft.email} onChange={(event) => change({ email: event.target.value })} />
          </Field>
        </Pair>
        <Field label={t("address")} error={fault(found, "address")}>
          <Input autoComplete="off" value={draft.address} onChange={(event) => change({ address: event.target.value })} />
        </Field>
        <Pair>
          <Field label={t("website")} error={fault(found, "website")}>
            <Input inputMode="url" autoComplete="off" value={draft.websites[0] ?? ""} onChange={(event) => site(0, event.target.value)} />
          </Field>
          <Field label={t("website2")} error={fault(found, "website2")}>
            <Input inputMode="url" autoComplete="off" value={draft.websites[1] ?? ""} onChange={(event) => site(1, event.target.value)} />
          </Field>
        </Pair>
        <Refused error={save.error} />
        <div className={css["buttons"]}>
          <Button tone="primary" busy={save.isPending} disabled={!changed || found.length > 0} onClick={() => save.mutate()}>{t("save")}</Button>
          {changed && <Button onClick={() => setDraft(known)}>{t("discard")}</Button>}
          {changed && <Chip tone="warn">{t("unsaved")}</Chip>}
        </div>
      </div>
    </Section>
  );
}

function fault(found: ProfileFault[], field: ProfileFault["field"]): string | null {
  const one = found.find((fault) => fault.field === field);
  if (!one) return null;
  if (one.over > 0) return t("left", { n: one.over });
  return field === "about" ? t("aboutHint") : t(field === "email" ? "emailWrong" : "websiteWrong");
}
