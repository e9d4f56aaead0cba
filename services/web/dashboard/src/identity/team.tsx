import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import type { Agent, Role } from "wire";
import { Avatar, Button, Chip, Confirm, Failed, longAge, Page, Row, Rows, say, Section, Select, sentence, Skeleton, useNow } from "ui";
import { mayManage, useSelf } from "../session.ts";
import { useInboxState } from "../inbox/context.tsx";
import { agents, removeAgent, saveAgent } from "./api.ts";
import { Invitations } from "./invitations.tsx";
import { InviteDialog } from "./invite.tsx";
import { roleOptions } from "./roles.ts";
import { t } from "./words.ts";

const key = ["agents"];

export function TeamScreen() {
  const { agent: self } = useSelf();
  const [inviting, setInviting] = useState(false);
  const { data, isPending, error, refetch } = useQuery({ queryKey: key, queryFn: agents });
  const manages = mayManage(self.role);
  const action = manages && (
    <Button tone="primary" icon={<UserPlus size={15} aria-hidden />} onClick={() => setInviting(true)}>
      {t("invite")}
    </Button>
  );
  return (
    <Page title={t("team")} text={t("teamText")} actions={action}>
      <Section title={t("people")} flush>
        {isPending && <Skeleton kind="rows" lines={3} />}
        {error && <Failed error={error} onRetry={() => void refetch()} />}
        <Rows>{data?.items.map((agent) => <Person key={agent.id} agent={agent} />)}</Rows>
      </Section>
      {manages && <Invitations />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}

function Person({ agent }: { agent: Agent }) {
  const { agent: self } = useSelf();
  const now = useNow();
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const presence = useInboxState((state) => state.presence.get(agent.id));
  const settled = () => void client.invalidateQueries({ queryKey: key });
  const change = useMutation({
    mutationFn: (role: Role) => saveAgent(agent.id, { role }),
    onSuccess: (saved) => say(t("roleChanged", { name: saved.name, role: t(`role.${saved.role}`) })),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: settled,
  });
  const remove = useMutation({
    mutationFn: () => removeAgent(agent.id),
    onSuccess: () => {
      setRemoving(false);
      say(t("removed", { name: agent.name }));
    },
    onSettled: settled,
  });
  const isSelf = agent.id === self.id;
  const manages = mayManage(self.role) && !isSelf && (self.role === "owner" || agent.role !== "owner");
  return (
    <Row
      lead={<Avatar name={agent.name} seed={agent.id} size={36} presence={presence ?? (isSelf ? "online" : undefined)} />}
      title={
        <>
          {agent.name}
          {isSelf && <Chip>{t("you")}</Chip>}
          {agent.second_factor && <Chip tone="good">{t("factorChip")}</Chip>}
        </>
      }
      text={[agent.email, agent.last_seen_at ? t("seen", { when: longAge(agent.last_seen_at, now) }) : t("neverSeen")].join(" · ")}
      end={
        manages ? (
          <>
            <Select size="s" label={t("role")} value={agent.role} options={roleOptions(self.role)} disabled={change.isPending} onChange={change.mutate} />
            <Button size="s" tone="danger" onClick={() => setRemoving(true)}>{t("remove")}</Button>
            <Confirm
              open={removing}
              onClose={() => setRemoving(false)}
              title={t("removeTitle", { name: agent.name })}
              text={t("removeText", { name: agent.name })}
              action={t("remove")}
              busy={remove.isPending}
              error={remove.error ? sentence(remove.error) : null}
              onConfirm={() => remove.mutate()}
            />
          </>
        ) : (
          <Chip>{t(`role.${agent.role}`)}</Chip>
        )
      }
    />
  );
}
