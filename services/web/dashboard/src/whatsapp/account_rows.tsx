import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Building2, KeyRound, MoreHorizontal, RefreshCw, Unplug } from "lucide-react";
import type { WhatsAppNumber } from "wire";
import { Banner, Chip, Confirm, IconButton, longAge, Menu, MenuItem, MenuLine, Row, Rows, say, Section, sentence, useNow } from "ui";
import { type Account, accountsKey, connect, disconnect, numbersKey, refresh } from "./api.ts";
import { problem } from "./meta_words.ts";
import { SecretForm } from "./secret_form.tsx";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

type Props = { accounts: Account[]; numbers: WhatsAppNumber[] };

export function AccountRows({ accounts, numbers }: Props) {
  return (
    <Section title={t("accounts")} text={t("accountsText")} flush>
      <Rows>
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} numbers={numbers.filter((one) => one.account_id === account.id)} />
        ))}
      </Rows>
    </Section>
  );
}

function AccountRow({ account, numbers }: { account: Account; numbers: WhatsAppNumber[] }) {
  const now = useNow();
  const line = [
    t("accountLine", { id: account.waba_id }),
    account.token_hint ? t("tokenEnds", { hint: `…${account.token_hint}` }) : t("noToken"),
    account.synced_at && t("synced", { when: longAge(account.synced_at, now) }),
  ];
  return (
    <>
      <Row
        lead={<Building2 size={18} aria-hidden />}
        title={
          <>
            {account.name}
            {account.state === "disconnected" && <Chip>{t("disconnected")}</Chip>}
          </>
        }
        text={line.filter(Boolean).join(" · ")}
        end={<Acts account={account} numbers={numbers} />}
      />
      {(account.problem ?? account.alert) && (
        <li className={css["warning"]}>
          {account.problem && <Banner tone="bad">{problem(account.problem)}</Banner>}
          {account.alert && (
            <Banner tone={account.alert.severity === "INFORMATIONAL" ? "neutral" : "warn"}>
              {t("severe", { when: longAge(account.alert.at, now) })} {account.alert.text}
            </Banner>
          )}
        </li>
      )}
    </>
  );
}

function Acts({ account, numbers }: { account: Account; numbers: WhatsAppNumber[] }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<"token" | "disconnect" | null>(null);
  const settled = () => Promise.all([accountsKey, numbersKey].map((queryKey) => client.invalidateQueries({ queryKey })));
  const close = () => setAsking(null);
  const look = useMutation({
    mutationFn: () => Promise.all(numbers.map((number) => refresh(number.id))),
    onSuccess: () => say(t("refreshed")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: settled,
  });
  const drop = useMutation({
    mutationFn: () => disconnect(account.id),
    onSuccess: () => {
      close();
      say(t("disconnectedDone", { name: account.name }));
    },
    onSettled: settled,
  });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("whatFor", { what: t("more"), name: account.name })}>
            <MoreHorizontal size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<KeyRound size={14} aria-hidden />} onSelect={() => setAsking("token")}>{t("newToken")}</MenuItem>
        <MenuItem icon={<RefreshCw size={14} aria-hidden />} disabled={numbers.length === 0 || !account.token_hint} onSelect={() => look.mutate()}>{t("refresh")}</MenuItem>
        <MenuLine />
        <MenuItem danger icon={<Unplug size={14} aria-hidden />} disabled={!account.token_hint} onSelect={() => setAsking("disconnect")}>{t("disconnect")}</MenuItem>
      </Menu>
      {asking === "token" && (
        <SecretForm
          title={t("newToken")}
          text={t("newTokenText")}
          label={t("token")}
          hint={t("tokenHint")}
          save={(token) => connect({ app_id: account.app_id, waba_id: account.waba_id, token })}
          onSaved={() => void settled().then(() => say(t("tokenSaved")))}
          onClose={close}
        />
      )}
      <Confirm
        open={asking === "disconnect"}
        onClose={close}
        title={t("disconnectTitle", { name: account.name })}
        text={t("disconnectText")}
        action={t("disconnect")}
        busy={drop.isPending}
        error={drop.error ? sentence(drop.error) : null}
        onConfirm={() => drop.mutate()}
      />
    </>
  );
}
