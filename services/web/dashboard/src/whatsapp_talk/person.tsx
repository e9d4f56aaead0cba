import { lazy, Suspense, useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Combine, MessageSquarePlus, Undo2 } from "lucide-react";
import { Button, longAge, say, sentence, useNow } from "ui";
import type { Conversation } from "wire";
import { useInbox } from "../inbox/context.tsx";
import { mergesOf, undoMerge, type Merge } from "./api.ts";
import { useSenders } from "./senders.ts";
import { t } from "./words.ts";
import panel from "../contacts/panel.module.css";
import css from "./person.module.css";

const StartDialog = lazy(() => import("./start.tsx"));
const MergeDialog = lazy(() => import("./merge.tsx"));

/** What WhatsApp has to do with a person: through which number, and who is the same person. */
export function OnWhatsApp({ conversation }: { conversation: Conversation }) {
  const inbox = useInbox();
  const { channel, contact } = conversation;
  const merges = useMerges(contact.id);
  const names = [...new Set(merges.flatMap((one) => one.gone_name ?? []))].filter((name) => name !== contact.name);
  if (!inbox.mayWrite && !channel) return null;
  return (
    <section className={panel["part"]} aria-label={t("person")}>
      <h3>{t("person")}</h3>
      {channel && <p className={css["line"]}>{t("writesTo", { name: channel.name, number: channel.name === channel.address ? "" : channel.address })}</p>}
      {names.map((name) => (
        <p key={name} className={css["line"]}>{t("knownAs", { name })}</p>
      ))}
      {inbox.mayWrite && <Acts conversation={conversation} />}
      {merges.length > 0 && (
        <ul className={css["merges"]}>
          {merges.map((merge) => (
            <Merged key={merge.id} merge={merge} contact={contact.id} />
          ))}
        </ul>
      )}
    </section>
  );
}

export const mergesKey = (contact: string) => ["contacts", contact, "merges"];

const none: readonly Merge[] = [];

function useMerges(contact: string): readonly Merge[] {
  const { data } = useQuery({ queryKey: mergesKey(contact), queryFn: () => mergesOf(contact), staleTime: 30_000, retry: false });
  return data?.items.filter((one) => one.kept_id === contact && one.undone_at === null) ?? none;
}

function Acts({ conversation: { contact } }: { conversation: Conversation }) {
  const senders = useSenders();
  const [open, setOpen] = useState<"start" | "merge" | null>(null);
  const close = () => setOpen(null);
  return (
    <div className={css["acts"]}>
      {senders.length > 0 && (
        <Button size="s" icon={<MessageSquarePlus size={14} aria-hidden />} onClick={() => setOpen("start")}>{t("startWithPerson")}</Button>
      )}
      <Button size="s" icon={<Combine size={14} aria-hidden />} onClick={() => setOpen("merge")}>{t("merge")}</Button>
      <Suspense fallback={null}>
        {open === "start" && <StartDialog contact={contact} onClose={close} />}
        {open === "merge" && <MergeDialog contact={contact} onClose={close} />}
      </Suspense>
    </div>
  );
}

function Merged({ merge, contact }: { merge: Merge; contact: string }) {
  const now = useNow();
  const inbox = useInbox();
  const queries = useQueryClient();
  const name = merge.gone_name ?? t("noName");
  const undo = useMutation({
    mutationFn: () => undoMerge(merge.id),
    onSuccess: () => {
      say(t("unmerged"));
      void queries.invalidateQueries({ queryKey: ["contacts", contact] });
    },
    onError: (error) => say(sentence(error), { tone: "bad" }),
  });
  return (
    <li>
      <span>
        {t("mergedWith", { name })}
        <span className={css["age"]}>{longAge(merge.at, now)}</span>
      </span>
      {inbox.mayWrite && (
        <Button size="s" tone="quiet" busy={undo.isPending} icon={<Undo2 size={13} aria-hidden />} aria-label={t("undoNamed", { name })} onClick={() => undo.mutate()}>
          {t("undoMerge")}
        </Button>
      )}
    </li>
  );
}
