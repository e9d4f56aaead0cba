import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogIn, MoreHorizontal, RotateCw, ShieldOff, Webhook } from "lucide-react";
import type { WhatsAppApp } from "wire";
import { Button, Confirm, Dialog, Field, Form, FormEnd, IconButton, Input, Menu, MenuItem, MenuLine, Password, say, sentence } from "ui";
import { type AppChange, appsKey, changeApp, forgetApp } from "./api.ts";
import { Told } from "./told.tsx";
import { t } from "./words.ts";

type Asking = "secret" | "signup" | "told" | "remove" | null;

export function Acts({ app }: { app: WhatsAppApp }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const [token, setToken] = useState<string | null>(null);
  const settled = () => client.invalidateQueries({ queryKey: appsKey });
  const close = () => (setAsking(null), setToken(null));
  const verify = useMutation({
    mutationFn: (made: string) => changeApp(app.id, { verify_token: made }).then(() => made),
    onSuccess: (made) => (setToken(made), setAsking("told")),
    onError: (error) => say(sentence(error), { tone: "bad" }),
    onSettled: settled,
  });
  const remove = useMutation({ mutationFn: () => forgetApp(app.id), onSuccess: () => (close(), say(t("removed", { name: app.name }))), onSettled: settled });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("more", { name: app.name })}>
            <MoreHorizontal size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Webhook size={14} aria-hidden />} onSelect={() => setAsking("told")}>{t("showCallback")}</MenuItem>
        <MenuItem icon={<KeyRound size={14} aria-hidden />} onSelect={() => setAsking("secret")}>{t("rotate")}</MenuItem>
        <MenuItem icon={<RotateCw size={14} aria-hidden />} onSelect={() => verify.mutate(randomToken())}>{t("newVerify")}</MenuItem>
        <MenuItem icon={<LogIn size={14} aria-hidden />} onSelect={() => setAsking("signup")}>{t("setSignup")}</MenuItem>
        <MenuLine />
        <MenuItem danger icon={<ShieldOff size={14} aria-hidden />} disabled={!app.secret_hint} onSelect={() => setAsking("remove")}>{t("remove")}</MenuItem>
      </Menu>
      {asking === "told" && <Told callback={app.callback_url} token={token} onClose={close} />}
      {asking === "secret" && <Give app={app} what="secret" onClose={close} />}
      {asking === "signup" && <Give app={app} what="signup_config" onClose={close} />}
      <Confirm
        open={asking === "remove"}
        onClose={close}
        title={t("removeTitle", { name: app.name })}
        text={t("removeText")}
        action={t("remove")}
        word={app.name}
        busy={remove.isPending}
        error={remove.error ? sentence(remove.error) : null}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

function Give({ app, what, onClose }: { app: WhatsAppApp; what: "secret" | "signup_config"; onClose: () => void }) {
  const client = useQueryClient();
  const isSecret = what === "secret";
  const [value, setValue] = useState(isSecret ? "" : (app.signup_config ?? ""));
  const give = useMutation({
    mutationFn: () => changeApp(app.id, { [what]: value.trim() } satisfies AppChange),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: appsKey });
      say(t("saved"));
      onClose();
    },
  });
  const Control = isSecret ? Password : Input;
  return (
    <Dialog open onClose={onClose} title={t(isSecret ? "rotate" : "setSignup")} text={t(isSecret ? "rotateText" : "setSignupText")}>
      <Form onSubmit={() => give.mutate()}>
        <Field label={t(isSecret ? "secret" : "signupConfig")} error={give.error ? sentence(give.error) : null}>
          <Control value={value} autoComplete="off" spellCheck={false} onChange={(event) => setValue(event.target.value)} />
        </Field>
        <FormEnd>
          <Button type="submit" tone="primary" busy={give.isPending} disabled={isSecret && !value.trim()}>{t("save")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const randomToken = () => Array.from(crypto.getRandomValues(new Uint8Array(40)), (byte) => LETTERS[byte % LETTERS.length]).join("");
