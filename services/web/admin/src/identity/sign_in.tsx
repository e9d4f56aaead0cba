import { useState, type ReactNode } from "react";
import { Problem } from "wire";
import { useThrottle, type OutReason } from "session";
import { Banner, Button, Field, Form, Input, Lamp, Password, sentence } from "ui";
import { session } from "../session.ts";
import { t } from "../words.ts";
import { signIn } from "./api.ts";
import css from "./sign_in.module.css";

const reasons = { ended: "ended", signed_out: "signedOut", suspended: "suspended" } as const;

export function SignIn({ reason }: { reason: OutReason | null }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const throttle = useThrottle();

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const digits = code.replace(/\s/g, "");
      session.accept(await signIn({ email: email.trim(), password, ...(digits ? { code: digits } : {}) }));
    } catch (problem) {
      setBusy(false);
      throttle.notice(problem);
      const wantsCode = problem instanceof Problem && problem.code === "second_factor_required";
      if (wantsCode) setAsksCode(true);
      // Asked for again after a code was given: that code was wrong.
      if (!wantsCode || asksCode) setError(problem);
    }
  };
  const refused = error instanceof Problem && error.status === 401;
  const other = error && !refused && !(error instanceof Problem && error.status === 429) ? sentence(error) : null;
  return (
    <Door>
      {reason && <Banner tone={reason === "signed_out" ? "neutral" : "warn"}>{t(reasons[reason])}</Banner>}
      {other && <Banner tone="bad">{other}</Banner>}
      {throttle.seconds > 0 && <Banner tone="warn">{t("throttled", { n: throttle.seconds })}</Banner>}
      <Form onSubmit={() => void submit()}>
        {asksCode ? (
          <>
            <p>{t("codeText")}</p>
            <Field label={t("code")} hint={t("codeHint")} error={refused ? t("codeWrong") : null}>
              <Input inputMode="numeric" autoComplete="one-time-code" autoFocus value={code} onChange={(event) => setCode(event.target.value)} />
            </Field>
          </>
        ) : (
          <>
            <Field label={t("email")}>
              <Input type="email" autoComplete="username" autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />
            </Field>
            <Field label={t("password")} error={refused ? t("wrong") : null}>
              <Password autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
            </Field>
          </>
        )}
        <Button type="submit" tone="primary" busy={busy} disabled={!email || !password || throttle.seconds > 0}>
          {t(asksCode ? "continue" : "signIn")}
        </Button>
        {asksCode && <Button tone="quiet" onClick={() => (setAsksCode(false), setCode(""), setError(null))}>{t("startOver")}</Button>}
      </Form>
    </Door>
  );
}

function Door({ children }: { children: ReactNode }) {
  return (
    <main className={css["door"]}>
      <div className={css["card"]}>
        <header>
          <Lamp size={30} />
          <div>
            <h1>{t("signInTitle")}</h1>
            <p>{t("signInText")}</p>
          </div>
        </header>
        {children}
      </div>
    </main>
  );
}
