import { useQuery } from "@tanstack/react-query";
import { Banner, Failed, Section, Skeleton } from "ui";
import { mayManage, useSelf } from "../session.ts";
import { filePolicy, policyKey } from "./api.ts";
import { PolicyForm } from "./settings_policy.tsx";
import { RetentionForm } from "./settings_retention.tsx";
import { Usage } from "./settings_usage.tsx";
import { rulesText, useRules } from "./use_rules.ts";
import { t } from "./words.ts";

export function FileSettings() {
  const { agent } = useSelf();
  return mayManage(agent.role) ? <Manage /> : <Look />;
}

function Manage() {
  const { data, isPending, error, refetch } = useQuery({ queryKey: policyKey, queryFn: filePolicy, staleTime: 5_000 });
  if (isPending) return <Skeleton kind="cards" lines={3} />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Usage known={data} />
      <PolicyForm known={data} />
      <RetentionForm />
    </>
  );
}

/** Who may not change it still wants to know what may be sent. */
function Look() {
  const rules = useRules();
  return (
    <>
      <Section>
        <Banner>{t("noPermission")}</Banner>
      </Section>
      <Section title={t("now")}>{rules ? <p>{rules.enabled ? rulesText(rules) : t("rulesOff")}</p> : <Skeleton lines={1} />}</Section>
    </>
  );
}
