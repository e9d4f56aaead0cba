import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { WhatsAppNumber } from "wire";
import { Button, CopyLine, Empty, Failed, Page, say, Section, sentence, Skeleton, Tabs } from "ui";
import { type Account, accounts, accountsKey, numbers, numbersKey, refresh } from "./api.ts";
import { formatPart, type NumberTab } from "./address.ts";
import { Doctor } from "./doctor.tsx";
import { limit, nameStatus, numberState, quality } from "./meta_words.ts";
import { Halted, standing } from "./number_card.tsx";
import { NumberSettings } from "./number_settings.tsx";
import { Back, Dotted, Fact, Facts, Standing } from "./parts.tsx";
import { PhoneApp } from "./phone_app.tsx";
import { ProfilePart } from "./profile.tsx";
import { Registration } from "./registration.tsx";
import { t } from "./number_words.ts";
import { t as w } from "./words.ts";
import css from "./whatsapp.module.css";

const tabs: readonly NumberTab[] = ["settings", "profile", "doctor", "registration", "phone"];

export function NumberPage({ id, tab }: { id: string; tab: NumberTab }) {
  const found = useQuery({ queryKey: numbersKey, queryFn: numbers });
  const held = useQuery({ queryKey: accountsKey, queryFn: accounts });
  const number = found.data?.items.find((one) => one.id === id);
  const account = held.data?.items.find((one) => one.id === number?.account_id);
  const back = <Back label={t("back")} />;
  if (found.isPending) return <Page title={t("standing")} back={back} wide><Skeleton kind="cards" lines={2} /></Page>;
  if (found.error) return <Page title={t("standing")} back={back} wide><Failed error={found.error} onRetry={() => void found.refetch()} /></Page>;
  if (!number) return <Page title={t("missing")} back={back} wide><Empty title={t("missing")}>{t("missingText")}</Empty></Page>;
  const items = tabs
    .filter((one) => one !== "phone" || number.coexistence)
    .map((one) => ({ href: formatPart({ at: "number", id, tab: one }), label: t(`tab.${one}`), current: one === tab }));
  return (
    <Page title={number.verified_name ?? number.display} text={number.display} back={back} actions={<Standing said={standing(number, account)} />}>
      {number.halted_at && (
        <div className={css["haltedPage"]}>
          <Halted number={number} manages />
        </div>
      )}
      <Tabs label={t("parts")} items={items} />
      <Part number={number} account={account} tab={tab} />
    </Page>
  );
}

function Part({ number, account, tab }: { number: WhatsAppNumber; account: Account | undefined; tab: NumberTab }) {
  if (tab === "profile") return <ProfilePart number={number} />;
  if (tab === "doctor") return <Doctor number={number} />;
  if (tab === "registration") return <Registration number={number} />;
  if (tab === "phone") return <PhoneApp number={number} />;
  return (
    <>
      <NumberSettings key={JSON.stringify(number.settings)} number={number} />
      <HowItDoes number={number} account={account} />
    </>
  );
}

function HowItDoes({ number, account }: { number: WhatsAppNumber; account: Account | undefined }) {
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: () => refresh(number.id),
    onSuccess: () => say(t("refreshed")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: numbersKey }),
  });
  const compare = (
    <Button size="s" busy={look.isPending} icon={<RefreshCw size={13} aria-hidden />} onClick={() => look.mutate()}>
      {t("refresh")}
    </Button>
  );
  return (
    <Section title={t("standing")} text={t("limitText")} actions={compare}>
      <Facts>
        <Fact label={t("state")}>
          <Dotted said={numberState(number.state)} />
        </Fact>
        <Fact label={t("quality")}>
          <Dotted said={quality(number.quality)} />
        </Fact>
        <Fact label={t("limit")}>{limit(number.tier ?? account?.messaging_limit ?? null)}</Fact>
        <Fact label={t("speed")}>{w("perSecond", { n: number.per_second })}</Fact>
        <Fact label={t("name")}>
          <Dotted said={nameStatus(number.name_status)} />
        </Fact>
        <Fact label={t("account")}>{account?.name ?? ""}</Fact>
      </Facts>
      <div className={css["lines"]}>
        <CopyLine label={t("metaId")} value={number.phone_number_id} />
      </div>
    </Section>
  );
}
