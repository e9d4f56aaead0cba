import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Scale, Trash2 } from "lucide-react";
import { Problem, type Conversation } from "wire";
import { Banner, Button, Confirm, Dialog, Field, fullDate, Input, say, sentence, Toggle } from "ui";
import { contactName, useInbox } from "../inbox/context.tsx";
import { goInbox } from "../router.ts";
import { hold, holdKey, liftHold, removeConversation, setHold, type Hold } from "./api.ts";
import { t } from "./words.ts";
import css from "./keeping.module.css";

/** Supervisors know of a hold, admins set it. */
export function useHold(conversation: string) {
  const { maySupervise: enabled } = useInbox();
  return useQuery({ queryKey: holdKey(conversation), queryFn: () => hold(conversation), staleTime: 60_000, enabled });
}

/** Said at the top of the panel, whatever part of it is open. */
export function HoldBanner({ conversation }: { conversation: string }) {
  const { data } = useHold(conversation);
  if (!data?.hold) return null;
  return (
    <div className={css["banner"]}>
      <Banner tone="warn" icon={<Scale size={15} aria-hidden />}>
        {t("holdOn", holdWords(data.hold))}
      </Banner>
    </div>
  );
}

const holdWords = ({ by, reason, at }: Hold) => ({ name: by, reason, when: fullDate(at) });

/** What admins may do to a whole conversation: keep it whatever the clock says, or make it vanish. */
export function Keeping({ conversation, heading }: { conversation: Conversation; heading: string }) {
  const inbox = useInbox();
  const found = useHold(conversation.id);
  const [asking, setAsking] = useState<"hold" | "lift" | "remove" | null>(null);
  if (!inbox.mayManage) return null;
  const held = Boolean(found.data?.hold);
  const close = () => setAsking(null);
  return (
    <section className={heading} aria-label={t("keeping")}>
      <h3>{t("keeping")}</h3>
      {found.isError && <p className={css["quiet"]}>{t("holdFailed")}</p>}
      <Toggle label={t("hold")} text={t("holdText")} checked={held} disabled={!found.data} onChange={(on) => setAsking(on ? "hold" : "lift")} />
      <Button tone="danger" size="s" className={css["remove"] ?? ""} disabled={held} icon={<Trash2 size={13} aria-hidden />} onClick={() => setAsking("remove")}>
        {t("removeConversation")}
      </Button>
      {held && <p className={css["quiet"]}>{t("removeHeld")}</p>}
      {asking === "hold" && <SetHold id={conversation.id} onClose={close} />}
      {asking === "lift" && <LiftHold id={conversation.id} onClose={close} />}
      {asking === "remove" && <Remove conversation={conversation} onClose={close} />}
    </section>
  );
}

type AskProps = { id: string; onClose: () => void };

function SetHold({ id, onClose }: AskProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const put = useMutation({
    mutationFn: () => setHold(id, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: holdKey(id) });
      onClose();
      say(t("holdDone"));
    },
  });
  const submit = () => reason.trim() && put.mutate();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("holdTitle")}
      text={t("holdText")}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone="primary" busy={put.isPending} disabled={!reason.trim()} onClick={submit}>{t("holdSet")}</Button>
        </>
      }
    >
      <Field label={t("holdReason")} hint={t("holdReasonHint")} error={put.error ? sentence(put.error) : null}>
        <Input value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} onKeyDown={(event) => event.key === "Enter" && submit()} />
      </Field>
    </Dialog>
  );
}

function LiftHold({ id, onClose }: AskProps) {
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: () => liftHold(id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: holdKey(id) });
      onClose();
      say(t("holdLifted"));
    },
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("holdLiftTitle")}
      text={t("holdLiftText")}
      action={t("holdLift")}
      busy={lift.isPending}
      error={lift.error ? sentence(lift.error) : null}
      onConfirm={() => lift.mutate()}
    />
  );
}

/** The event makes it vanish everywhere; whoever asked is taken back to the list at once. */
function Remove({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeConversation(conversation.id),
    onSuccess: () => {
      onClose();
      goInbox({ conversation: null }, "replace");
      say(t("removed"));
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === "legal_hold") void client.invalidateQueries({ queryKey: holdKey(conversation.id) });
    },
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("removeTitle", { name: contactName(conversation.contact) })}
      text={t("removeText")}
      action={t("removeConversation")}
      busy={remove.isPending}
      error={remove.error ? sentence(remove.error) : null}
      onConfirm={() => remove.mutate()}
    />
  );
}
