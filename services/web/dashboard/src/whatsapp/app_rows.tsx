import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogIn, MoreHorizontal, RotateCw, ShieldOff, Webhook } from "lucide-react";
import { Chip, Confirm, CopyLine, Dialog, fullTime, IconButton, Menu, MenuItem, MenuLine, Row, Rows, say, Section, sentence } from "ui";
import { type App, appsKey, changeApp, forgetApp, signupKey } from "./api.ts";
import { randomToken } from "./random.ts";
import { SecretForm } from "./secret_form.tsx";
import { redirectAddress } from "./signup_landing.ts";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

export function AppRows({ apps }: { apps: App[] }) {
  return (
    <Section title={t("apps")} text={t("appsText")} flush>
      <Rows>
        {apps.map((app) => (
          <Row
            key={app.id}
            lead={<Webhook size={18} aria-hidden />}
            title={
              <>
                {app.name}
                {app.platform && <Chip tone="accent">{t("ofPlatform")}</Chip>}
              </>
            }
            text={line(app)}
            end={!app.platform && <Acts app={app} />}
          />
        ))}
      </Rows>
    </Section>
  );
}

function line(app: App): string {
  const secret = app.secret_hint ? t("secretEnds", { hint: `…${app.secret_hint}` }) : t("noSecret");
  const overlap = app.old_secret_until && t("overlap", { when: fullTime(app.old_secret_until) });
  return [t("appLine", { id: app.meta_app_id }), !app.platform && secret, overlap].filter(Boolean).join(" · ");
}

type Asking = "secret" | "verify" | "signup" | "forget" | "callback" | null;

function Acts({ app }: { app: App }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const [shown, setShown] = useState<string | null>(null);
  const close = () => setAsking(null);
  const settled = () => Promise.all([appsKey, signupKey].map((queryKey) => client.invalidateQueries({ queryKey })));
  const verify = useMutation({
    mutationFn: (token: string) => changeApp(app.id, { verify_token: token }).then(() => token),
    onSuccess: (token) => (setShown(token), setAsking("verify")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: settled,
  });
  const drop = useMutation({
    mutationFn: () => forgetApp(app.id),
    onSuccess: () => (close(), say(t("forgotten", { name: app.name }))),
    onSettled: settled,
  });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("whatFor", { what: t("more"), name: app.name })}>
            <MoreHorizontal size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Webhook size={14} aria-hidden />} onSelect={() => setAsking("callback")}>{t("details")}</MenuItem>
        <MenuItem icon={<KeyRound size={14} aria-hidden />} onSelect={() => setAsking("secret")}>{t("newSecret")}</MenuItem>
        <MenuItem icon={<RotateCw size={14} aria-hidden />} onSelect={() => verify.mutate(randomToken())}>{t("newVerify")}</MenuItem>
        <MenuItem icon={<LogIn size={14} aria-hidden />} onSelect={() => setAsking("signup")}>{t("signupConfig")}</MenuItem>
        <MenuLine />
        <MenuItem danger icon={<ShieldOff size={14} aria-hidden />} disabled={!app.secret_hint} onSelect={() => setAsking("forget")}>{t("forget")}</MenuItem>
      </Menu>
      {asking === "secret" && (
        <SecretForm
          title={t("newSecret")}
          text={t("newSecretText")}
          label={t("secret")}
          hint={t("secretHint")}
          save={(secret) => changeApp(app.id, { secret })}
          onSaved={() => void settled().then(() => say(t("secretSaved")))}
          onClose={close}
        />
      )}
      {asking === "signup" && (
        <SecretForm
          open
          first={app.signup_config ?? ""}
          title={t("signupConfig")}
          text={t("signupConfigText", { address: redirectAddress() })}
          label={t("signupConfigField")}
          save={(signup_config) => changeApp(app.id, { signup_config })}
          onSaved={() => void settled().then(() => say(t("saved")))}
          onClose={close}
        />
      )}
      <Dialog open={asking === "callback" || asking === "verify"} onClose={close} title={t(asking === "verify" ? "newVerify" : "details")} {...(asking === "verify" ? { text: t("newVerifyText") } : {})} wide>
        <div className={css["lines"]}>
          <CopyLine label={t("callback")} value={app.callback_url} />
          {asking === "verify" && shown && <CopyLine label={t("verifyToken")} value={shown} />}
        </div>
      </Dialog>
      <Confirm
        open={asking === "forget"}
        onClose={close}
        title={t("forgetTitle", { name: app.name })}
        text={t("forgetText")}
        action={t("forget")}
        word={app.name}
        busy={drop.isPending}
        error={drop.error ? sentence(drop.error) : null}
        onConfirm={() => drop.mutate()}
      />
    </>
  );
}
