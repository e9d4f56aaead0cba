import { useQuery } from "@tanstack/react-query";
import { MessageCircle, Plus } from "lucide-react";
import { Banner, Button, Empty, Failed, Section, Skeleton } from "ui";
import { go } from "../router.ts";
import { accounts, accountsKey, apps, appsKey, numbers, numbersKey } from "./api.ts";
import { AccountRows } from "./account_rows.tsx";
import { AppRows } from "./app_rows.tsx";
import { NumberCard } from "./number_card.tsx";
import { Shell } from "./parts.tsx";
import { SignupButton } from "./signup.tsx";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

export function Overview({ manages }: { manages: boolean }) {
  const found = useQuery({ queryKey: numbersKey, queryFn: numbers });
  // accounts are the administrators'; everybody else sees how the numbers are doing
  const held = useQuery({ queryKey: accountsKey, queryFn: accounts, enabled: manages });
  const isNew = (manages ? held : found).data?.items.length === 0;
  const error = found.error ?? held.error;
  const add = manages && held.data && !isNew && (
    <Button tone="primary" icon={<Plus size={15} aria-hidden />} onClick={() => go({ page: "whatsapp", part: { at: "connect" } })}>
      {t("connect")}
    </Button>
  );
  return (
    <Shell current="overview" manages={manages} actions={add}>
      {(found.isPending || held.isLoading) && <Skeleton kind="cards" lines={2} />}
      {error && <Failed error={error} onRetry={() => void Promise.all([found.refetch(), manages && held.refetch()])} />}
      {isNew && <Begin manages={manages} />}
      {found.data && (held.data || !manages) && !isNew && (
        <>
          {!manages && (
            <div className={css["note"]}>
              <Banner>{t("onlyAdmins")}</Banner>
            </div>
          )}
          {found.data.items.length === 0 && <Section title={t("numbers")}>{t("noNumbers")}</Section>}
          <ul className={css["cards"]} aria-label={t("numbers")}>
            {found.data.items.map((number) => (
              <NumberCard key={number.id} number={number} account={held.data?.items.find((one) => one.id === number.account_id)} manages={manages} />
            ))}
          </ul>
          {held.data && <AccountRows accounts={held.data.items} numbers={found.data.items} />}
        </>
      )}
      {manages && <Apps isNew={isNew} />}
    </Shell>
  );
}

function Begin({ manages }: { manages: boolean }) {
  return (
    <Section>
      <Empty
        icon={<MessageCircle size={20} aria-hidden />}
        title={t("emptyTitle")}
        action={
          manages && (
            <div className={css["ways"]}>
              <SignupButton tone="primary" />
              <Button onClick={() => go({ page: "whatsapp", part: { at: "connect" } })}>{t("connectByHand")}</Button>
            </div>
          )
        }
      >
        {t(manages ? "emptyText" : "emptyReadText")}
      </Empty>
    </Section>
  );
}

/** Before the first account only the tenant's own apps are worth a list. */
function Apps({ isNew }: { isNew: boolean }) {
  const { data } = useQuery({ queryKey: appsKey, queryFn: apps });
  const shown = data?.items.filter((app) => !isNew || !app.platform) ?? [];
  return shown.length > 0 && <AppRows apps={shown} />;
}
