import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, RefreshCw, Trash2 } from "lucide-react";
import type { Domain, DomainState } from "wire";
import { Button, Chip, Confirm, fullTime, IconButton, longAge, say, sentence, useNow, type Tone } from "ui";
import { check, domainsKey, remove } from "./api.ts";
import { Proof } from "./proof.tsx";
import { t } from "./words.ts";
import css from "./domains.module.css";

const tones: Record<DomainState, Tone> = {
  pending: "accent",
  verified: "good",
  grace: "warn",
  suspended: "bad",
  revoked: "bad",
  expired: "neutral",
  blocked: "bad",
};

export function DomainCard({ domain, manages }: { domain: Domain; manages: boolean }) {
  const waits = domain.state === "pending" || domain.state === "grace" || domain.state === "suspended";
  const [shown, setShown] = useState(waits);
  const hasProof = domain.instructions.dns !== null || domain.instructions.http !== null;
  return (
    <li className={css["domain"]}>
      <div className={css["line"]}>
        <div className={css["words"]}>
          <div className={css["name"]}>
            <strong>{domain.host_unicode || domain.host}</strong>
            {domain.host_unicode && domain.host_unicode !== domain.host && <code>{domain.host}</code>}
            <Chip tone={tones[domain.state]}>{t(`state.${domain.state}`)}</Chip>
            <Chip>{t(`scope.${domain.scope}`)}</Chip>
          </div>
          <Explain domain={domain} />
          <Times domain={domain} />
        </div>
        <Tools domain={domain} manages={manages} />
        {hasProof && (
          <IconButton label={t(shown ? "hide" : "show")} aria-expanded={shown} onClick={() => setShown(!shown)}>
            <ChevronDown size={16} aria-hidden className={css["chevron"]} data-open={shown || undefined} />
          </IconButton>
        )}
      </div>
      {shown && hasProof && <Proof domain={domain} />}
    </li>
  );
}

function Explain({ domain }: { domain: Domain }) {
  if (domain.problem) return <p className={css["problem"]} data-tone={tones[domain.state]}>{domain.problem.text}</p>;
  if (domain.state === "verified") return null;
  return <p className={css["explain"]}>{t(`explain.${domain.state}`)}</p>;
}

function Times({ domain }: { domain: Domain }) {
  const now = useNow();
  const parts = [
    domain.state === "verified" && domain.verified_at ? t("verifiedSince", { when: longAge(domain.verified_at, now) }) : null,
    domain.scope === "test" ? null : domain.checked_at ? t("checked", { when: longAge(domain.checked_at, now) }) : t("neverChecked"),
    domain.next_check_at && domain.scope !== "test" ? nextCheck(domain.next_check_at, now) : null,
    domain.expires_at ? t("expires", { when: longAge(domain.expires_at, now) }) : null,
  ].filter(Boolean);
  const title = domain.next_check_at ? fullTime(domain.next_check_at) : undefined;
  return <p className={css["times"]} title={title}>{parts.join(" · ")}</p>;
}

const nextCheck = (at: string, now: number) => (Date.parse(at) <= now ? t("nextDue") : t("nextCheck", { when: longAge(at, now) }));

function Tools({ domain, manages }: { domain: Domain; manages: boolean }) {
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const settled = () => client.invalidateQueries({ queryKey: domainsKey(domain.widget_id) });
  const ask = useMutation({
    mutationFn: () => check(domain.id),
    onSuccess: () => say(t("checkAsked", { host: domain.host_unicode })),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: settled,
  });
  const drop = useMutation({
    mutationFn: () => remove(domain.id),
    onSuccess: () => {
      setRemoving(false);
      say(t("removed", { host: domain.host_unicode }));
    },
    onSettled: settled,
  });
  if (!manages) return null;
  const checkable = domain.scope !== "test" && domain.state !== "revoked" && domain.state !== "expired" && domain.state !== "blocked";
  return (
    <span className={css["tools"]}>
      {checkable && (
        <Button size="s" busy={ask.isPending} icon={<RefreshCw size={13} aria-hidden />} onClick={() => ask.mutate()}>
          {t("check")}
        </Button>
      )}
      <IconButton label={t("remove")} onClick={() => setRemoving(true)}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={t("removeTitle", { host: domain.host_unicode })}
        text={t("removeText")}
        action={t("remove")}
        busy={drop.isPending}
        error={drop.error ? sentence(drop.error) : null}
        onConfirm={() => drop.mutate()}
      />
    </span>
  );
}
