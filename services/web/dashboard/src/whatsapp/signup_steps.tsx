import { useEffect, useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { Banner, Button, Dialog, Field, Form, FormEnd, Input, Toggle } from "ui";
import { go } from "../router.ts";
import { finishSignup, type Signup } from "./api.ts";
import { isPin } from "./pin.ts";
import { randomToken } from "./random.ts";
import { Refused } from "./refused.tsx";
import { CHANNEL, codeIn, dialogAddress, type Landed } from "./signup_dialog.ts";
import { redirectAddress } from "./signup_landing.ts";
import { t } from "./signup_words.ts";
import css from "./connect.module.css";

const WINDOW = "popup,width=640,height=780";

export function SignupDialog({ offer, onClose }: { offer: Signup; onClose: () => void }) {
  const client = useQueryClient();
  const [state] = useState(() => randomToken());
  const [coexistence, setCoexistence] = useState(false);
  const [pin, setPin] = useState("");
  const [opened, setOpened] = useState<"no" | "yes" | "blocked">("no");
  const [refusal, setRefusal] = useState<string | null>(null);
  const redirect = redirectAddress();
  const address = dialogAddress(offer, { state, redirect, coexistence });
  const join = useMutation({
    mutationFn: (code: string) => finishSignup({ app_id: offer.app_id ?? "", code, redirect_uri: redirect, coexistence, ...(isPin(pin) ? { pin } : {}) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["whatsapp"] }),
  });
  useLanding(state, ({ code, refusal: why }) => (code ? join.mutate(code) : setRefusal(why)));
  const open = () => {
    setRefusal(null);
    setOpened(address && window.open(address, "porchlight-signup", WINDOW) ? "yes" : "blocked");
  };
  const done = join.data;
  return (
    <Dialog open onClose={onClose} title={t("title")} text={t("text")}>
      {done ? (
        <>
          <Banner tone={done.registered ? "good" : "warn"}>{done.registered ? t("joined", { name: done.account.name }) : `${t("joinedProblem")} ${done.problem ?? ""}`}</Banner>
          <FormEnd>
            <Button tone="primary" onClick={() => go({ page: "whatsapp", part: { at: "number", id: done.number.id, tab: done.registered ? "doctor" : "registration" } })}>{t("toNumber")}</Button>
          </FormEnd>
        </>
      ) : (
        <>
          <Toggle label={t("coexistence")} text={t("coexistenceText")} checked={coexistence} disabled={opened === "yes"} onChange={setCoexistence} />
          {!coexistence && (
            <Field label={t("pin")} hint={t("pinHint")}>
              <Input inputMode="numeric" autoComplete="off" maxLength={6} value={pin} onChange={(event) => setPin(event.target.value.replace(/\D/g, ""))} />
            </Field>
          )}
          {opened === "blocked" && address && (
            <Banner tone="warn" action={<a href={address} target="_blank" rel="noopener noreferrer" onClick={() => setOpened("yes")}>{t("blockedLink")}</a>}>
              {t("blocked")}
            </Banner>
          )}
          {refusal && <Banner tone="bad">{t("refused", { why: refusal })}</Banner>}
          <Refused error={join.error} />
          <FormEnd>
            <Button tone="primary" busy={join.isPending} icon={<ExternalLink size={14} aria-hidden />} disabled={pin !== "" && !isPin(pin)} onClick={open}>
              {t(opened === "no" ? "open" : "openAgain")}
            </Button>
            <Button onClick={onClose}>{t("cancel")}</Button>
          </FormEnd>
          {opened === "yes" && !join.isPending && <Waiting state={state} redirect={redirect} onCode={(code) => join.mutate(code)} />}
          {join.isPending && <p className={css["busy"]} role="status">{t("joining")}</p>}
        </>
      )}
    </Dialog>
  );
}

/** The window's code comes by a channel of this origin; of another attempt's nothing is taken. */
function useLanding(state: string, take: (landed: Landed) => void) {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Landed>) => data?.state === state && take(data);
    return () => channel.close();
  });
}

function Waiting({ state, redirect, onCode }: { state: string; redirect: string; onCode: (code: string) => void }) {
  const [pasted, setPasted] = useState("");
  const code = codeIn(pasted, state);
  return (
    <Form onSubmit={() => code && onCode(code)}>
      <p className={css["busy"]} role="status">{t("waiting")}</p>
      <Field label={t("paste")} hint={t("pasteHint", { address: redirect })} error={pasted.trim() !== "" && !code ? t("pasteWrong") : null}>
        <Input value={pasted} autoComplete="off" spellCheck={false} onChange={(event) => setPasted(event.target.value)} />
      </Field>
      {code && (
        <FormEnd>
          <Button type="submit" tone="primary">{t("usePasted")}</Button>
        </FormEnd>
      )}
    </Form>
  );
}
