import { useEffect, useState } from "react";
import { Problem } from "wire";
import { Banner, Button, Failed, Field, Form, Input, Password, sentence, Skeleton } from "ui";
import { session } from "../session.ts";
import { acceptInvitation, previewInvitation, type InvitationPreview } from "./api.ts";
import { Door } from "./door.tsx";
import { t } from "./words.ts";

type Found = { phase: "loading" } | { phase: "gone" } | { phase: "failed"; error: unknown } | { phase: "ready"; preview: InvitationPreview };

export function Invitation({ token, onDone }: { token: string; onDone: () => void }) {
  const [found, setFound] = useState<Found>({ phase: "loading" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    previewInvitation(token).then(
      (preview) => current && setFound({ phase: "ready", preview }),
      (error: unknown) => current && setFound(isGone(error) ? { phase: "gone" } : { phase: "failed", error }),
    );
    return () => {
      current = false;
    };
  }, [token, tries]);

  if (found.phase === "loading") return <Door title={t("toSignIn")}><Skeleton lines={3} /></Door>;
  if (found.phase === "gone")
    return (
      <Door title={t("inviteGone")} text={t("inviteGoneText")}>
        <Button onClick={onDone}>{t("toSignIn")}</Button>
      </Door>
    );
  if (found.phase === "failed")
    return (
      <Door title={t("inviteFailed")}>
        <Failed error={found.error} onRetry={() => setTries(tries + 1)} />
      </Door>
    );
  return <Join token={token} preview={found.preview} onGone={() => setFound({ phase: "gone" })} onDone={onDone} />;
}

type JoinProps = { token: string; preview: InvitationPreview; onGone: () => void; onDone: () => void };

function Join({ token, preview, onGone, onDone }: JoinProps) {
  const [name, setName] = useState(preview.name ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fault = (field: string) => (error instanceof Problem ? error.fields.find((one) => one.field === field)?.detail : undefined);
  const short = !preview.has_account && password.length > 0 && password.length < 12;

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const grant = await acceptInvitation({ token, email: preview.email, name: name.trim(), password });
      onDone();
      session.accept(grant);
    } catch (problem) {
      setBusy(false);
      if (isGone(problem)) onGone();
      else setError(problem);
    }
  };

  return (
    <Door title={t("inviteTitle", { tenant: preview.tenant_name })} text={t("inviteText", { role: t(`role.${preview.role}`) })}>
      <p>{t(preview.has_account ? "inviteHas" : "inviteNew", { email: preview.email })}</p>
      {error !== null && !(error instanceof Problem && error.fields.length > 0) && <Banner tone="bad">{sentence(error)}</Banner>}
      <Form onSubmit={() => void submit()}>
        <input type="hidden" name="email" autoComplete="username" value={preview.email} readOnly />
        <Field label={t("yourName")} error={fault("name")}>
          <Input autoComplete="name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field
          label={preview.has_account ? t("password") : t("newPassword")}
          {...(preview.has_account ? {} : { hint: t("passwordHint") })}
          error={fault("password") ?? (short ? t("passwordShort") : null)}
        >
          <Password autoComplete={preview.has_account ? "current-password" : "new-password"} value={password} onChange={(event) => setPassword(event.target.value)} />
        </Field>
        <Button type="submit" tone="primary" busy={busy} disabled={!name.trim() || !password || short}>{t("join")}</Button>
      </Form>
    </Door>
  );
}

const isGone = (error: unknown) => error instanceof Problem && (error.status === 404 || error.status === 410);
