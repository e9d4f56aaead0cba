import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MailOpen } from "lucide-react";
import type { Invitation } from "wire";
import { Button, Chip, Failed, longAge, Row, Rows, say, Section, sentence, Skeleton, useNow, type Tone } from "ui";
import { invitations, resendInvitation, revokeInvitation } from "./api.ts";
import { t } from "./words.ts";
import css from "./team.module.css";

export const invitationsKey = ["invitations"];
const tones: Record<Invitation["state"], Tone> = { pending: "accent", accepted: "good", expired: "warn", revoked: "neutral" };

export function Invitations() {
  const { data, isPending, error, refetch } = useQuery({ queryKey: invitationsKey, queryFn: invitations });
  // Accepted ones are people above, those taken back are nobody's business any more.
  const open = data?.items.filter((one) => one.state === "pending" || one.state === "expired") ?? [];
  return (
    <Section title={t("invitations")} flush>
      {isPending && <Skeleton lines={1} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {data && open.length === 0 && <p className={css["none"]}>{t("noInvitations")}</p>}
      <Rows>{open.map((one) => <Line key={one.id} invitation={one} />)}</Rows>
    </Section>
  );
}

function Line({ invitation }: { invitation: Invitation }) {
  const now = useNow();
  const client = useQueryClient();
  const options = (done: string) => ({
    onSuccess: () => say(done),
    onError: (error: Error) => say(sentence(error), { tone: "bad" as const }),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsKey }),
  });
  const resend = useMutation({ mutationFn: () => resendInvitation(invitation.id), ...options(t("resent")) });
  const revoke = useMutation({ mutationFn: () => revokeInvitation(invitation.id), ...options(t("revoked")) });
  const { state } = invitation;
  const over = Date.parse(invitation.expires_at) < now;
  return (
    <Row
      lead={<MailOpen size={18} aria-hidden />}
      title={
        <>
          {invitation.name ?? invitation.email}
          <Chip tone={tones[state]}>{t(`state.${state}`)}</Chip>
        </>
      }
      text={[
        invitation.name ? invitation.email : null,
        t(`role.${invitation.role}`),
        state === "pending" || state === "expired" ? t(over ? "expired" : "expires", { when: longAge(invitation.expires_at, now) }) : null,
      ]
        .filter(Boolean)
        .join(" · ")}
      end={
        <>
          {(state === "pending" || state === "expired") && <Button size="s" busy={resend.isPending} onClick={() => resend.mutate()}>{t("resend")}</Button>}
          {state === "pending" && <Button size="s" tone="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>{t("revoke")}</Button>}
        </>
      }
    />
  );
}
