import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { Failed, Page, Skeleton } from "ui";
import { type Account, type App, apps, appsKey } from "./api.ts";
import { AccountStep } from "./connect_account.tsx";
import { AppStep, CallbackStep } from "./connect_app.tsx";
import { NumbersStep } from "./connect_numbers.tsx";
import { Back } from "./parts.tsx";
import { SignupButton } from "./signup.tsx";
import { t } from "./connect_words.ts";
import css from "./connect.module.css";

const steps = ["app", "account", "numbers"] as const;
type Step = (typeof steps)[number];

/** The guided way: an app, an account, its numbers. What was reached is kept by the server after each step. */
export function Connect() {
  const known = useQuery({ queryKey: appsKey, queryFn: apps });
  const [step, setStep] = useState<Step>("app");
  const [app, setApp] = useState<App | null>(null);
  const [account, setAccount] = useState<Account | null>(null);
  return (
    <Page title={t("title")} text={t("text")} back={<Back label={t("back")} />} actions={<SignupButton />}>
      <Steps current={step} />
      {known.isPending && <Skeleton kind="cards" lines={1} />}
      {known.error && <Failed error={known.error} onRetry={() => void known.refetch()} />}
      {known.data && step === "app" && !app?.verify_token && (
        <AppStep
          known={known.data.items}
          onChosen={(chosen) => {
            setApp(chosen);
            // a new app's verify token is in this answer and never again: it is shown before anything else
            if (!chosen.verify_token) setStep("account");
          }}
        />
      )}
      {step === "app" && app?.verify_token && <CallbackStep app={app} onDone={() => setStep("account")} />}
      {step === "account" && app && (
        <AccountStep
          app={app}
          onBack={() => (setApp(null), setStep("app"))}
          onConnected={(made) => {
            setAccount(made);
            setStep("numbers");
          }}
        />
      )}
      {step === "numbers" && account && <NumbersStep account={account} />}
    </Page>
  );
}

function Steps({ current }: { current: Step }) {
  const at = steps.indexOf(current);
  return (
    <ol className={css["steps"]} aria-label={t("steps")}>
      {steps.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} data-done={index < at || undefined}>
          <span className={css["dot"]}>{index < at ? <Check size={13} aria-hidden /> : index + 1}</span>
          {t(`step.${step}`)}
          {index < at && <span className="sr-only">{t("done")}</span>}
        </li>
      ))}
    </ol>
  );
}
