import { useState } from "react";
import { Building2 } from "lucide-react";
import { useThrottle, type OutReason } from "session";
import { Banner, Button, Field, Form, Input, Password } from "ui";
import { session } from "../session.ts";
import { signIn } from "./api.ts";
import { Door } from "./door.tsx";
import { firstStep, refused, type TenantChoice } from "./sign_in_state.ts";
import { t } from "./words.ts";
import css from "./door.module.css";

const reasons = { ended: "ended", signed_out: "signedOut", suspended: "suspended" } as const;

export function SignIn({ reason }: { reason: OutReason | null }) {
  const [state, setState] = useState(firstStep);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tenant, setTenant] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const throttle = useThrottle();

  const attempt = async (more: { tenant?: string; code?: string } = {}) => {
    setBusy(true);
    try {
      const chosen = more.tenant ?? tenant;
      session.accept(await signIn({ email: email.trim(), password, ...(chosen ? { tenant: chosen } : {}), ...(more.code ? { code: more.code } : {}) }));
    } catch (error) {
      throttle.notice(error);
      setState((old) => refused(old, error));
      setBusy(false);
    }
  };
  const again = () => {
    setState(firstStep);
    setTenant(undefined);
  };
  const choose = (id: string) => {
    setTenant(id);
    void attempt({ tenant: id });
  };

  const { step } = state;
  if (step.step === "tenant") return <PickTenant tenants={step.tenants} busy={busy} onPick={choose} onBack={again} />;
  if (step.step === "code") return <Code wrong={step.wrong} busy={busy} wait={throttle.seconds} onCode={(code) => void attempt({ code })} onBack={again} />;
  return (
    <Door title={t("signInTitle")} text={t("signInText")}>
      {reason && <Banner tone={reason === "signed_out" ? "neutral" : "warn"}>{t(reasons[reason])}</Banner>}
      {state.error === "other" && <Banner tone="bad">{state.detail}</Banner>}
      <Form onSubmit={() => void attempt()}>
        <Field label={t("email")}>
          <Input type="email" name="email" autoComplete="username" autoFocus required value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <Field label={t("password")} error={state.error === "wrong" ? t("wrong") : null}>
          <Password name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
        </Field>
        <Throttled seconds={throttle.seconds} />
        <Button type="submit" tone="primary" className={css["wide"] ?? ""} busy={busy} disabled={throttle.seconds > 0 || !email || !password}>
          {t("signIn")}
        </Button>
      </Form>
    </Door>
  );
}

const Throttled = ({ seconds }: { seconds: number }) => (seconds > 0 ? <Banner tone="warn">{t("throttled", { n: seconds })}</Banner> : null);

type CodeProps = { wrong: boolean; busy: boolean; wait: number; onCode: (code: string) => void; onBack: () => void };

function Code({ wrong, busy, wait, onCode, onBack }: CodeProps) {
  const [code, setCode] = useState("");
  const digits = code.replace(/\s/g, "");
  return (
    <Door title={t("signInTitle")} text={t("codeText")}>
      <Form onSubmit={() => onCode(digits)}>
        <Field label={t("code")} hint={t("codeHint")} error={wrong ? t("codeWrong") : null}>
          <Input inputMode="numeric" autoComplete="one-time-code" autoFocus value={code} onChange={(event) => setCode(event.target.value)} />
        </Field>
        <Throttled seconds={wait} />
        <Button type="submit" tone="primary" busy={busy} disabled={digits.length < 6 || wait > 0}>{t("checkCode")}</Button>
        <Button tone="quiet" onClick={onBack}>{t("startOver")}</Button>
      </Form>
    </Door>
  );
}

function PickTenant({ tenants, busy, onPick, onBack }: { tenants: TenantChoice[]; busy: boolean; onPick: (id: string) => void; onBack: () => void }) {
  return (
    <Door title={t("pickTenant")} text={t("pickTenantText")}>
      <div className={css["tenants"]}>
        {tenants.map((tenant) => (
          <Button key={tenant.id} busy={busy} icon={<Building2 size={15} aria-hidden />} onClick={() => onPick(tenant.id)}>
            {tenant.name}
          </Button>
        ))}
        <Button tone="quiet" onClick={onBack}>{t("startOver")}</Button>
      </div>
    </Door>
  );
}
