import { useDeferredValue, useState } from "react";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Avatar, Confirm, Dialog, Input, say, sentence } from "ui";
import type { Contact } from "wire";
import { contactName } from "../inbox/context.tsx";
import { findContacts, mergeContacts } from "./api.ts";
import { t } from "./words.ts";
import css from "./person.module.css";

/** Two entries that are one person become one; undone from the panel. */
export default function MergeDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const [other, setOther] = useState<Contact | null>(null);
  const q = useDeferredValue(typed.trim());
  const { data } = useQuery({ queryKey: ["contacts", "find", q], queryFn: () => findContacts(q), placeholderData: keepPreviousData });
  const found = data?.items.filter((one) => one.id !== contact.id) ?? [];
  const merge = useMutation({
    mutationFn: (id: string) => mergeContacts(contact.id, id),
    onSuccess: () => {
      say(t("merged"));
      void queries.invalidateQueries({ queryKey: ["contacts"] });
      onClose();
    },
  });
  const names = { name: contactName(contact), other: other ? contactName(other) : "" };
  if (other)
    return (
      <Confirm
        open
        onClose={() => setOther(null)}
        title={t("mergeThis", names)}
        text={t("mergeSure", names)}
        action={t("mergeDo")}
        busy={merge.isPending}
        error={merge.error ? sentence(merge.error) : null}
        onConfirm={() => merge.mutate(other.id)}
      />
    );
  return (
    <Dialog open onClose={onClose} title={t("merge")} text={t("mergeText")}>
      <Input value={typed} aria-label={t("mergeFind")} placeholder={t("mergeFind")} onChange={(event) => setTyped(event.target.value)} />
      <ul className={css["found"]}>
        {found.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => setOther(one)}>
              <Avatar name={contactName(one)} seed={one.id} size={32} />
              <span>
                {contactName(one)}
                <span className={css["sub"]}>{[one.phone, one.email].filter(Boolean).join(" · ")}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {data && found.length === 0 && <p className={css["sub"]}>{t("mergeNobody")}</p>}
    </Dialog>
  );
}
