import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem, type DomainScope } from "wire";
import { Button, Dialog, Field, Form, FormEnd, Input, Segments, sentence } from "ui";
import { claim, domainsKey, type Claim } from "./api.ts";
import { hostFrom, scopeFor } from "./host.ts";
import { t } from "./words.ts";
import css from "./domains.module.css";

const scopes: readonly DomainScope[] = ["host", "subtree", "test"];
const methods: readonly Claim["method"][] = ["dns", "http"];

export function Add({ widgetId, host: first, onClose }: { widgetId: string; host: string; onClose: () => void }) {
  const client = useQueryClient();
  const [host, setHost] = useState(first);
  const [chosen, setChosen] = useState<DomainScope | null>(null);
  const [method, setMethod] = useState<Claim["method"]>("dns");
  const scope = chosen ?? scopeFor(host);
  const add = useMutation({
    mutationFn: () => claim(widgetId, { host: hostFrom(host), scope, method: scope === "host" ? method : "dns" }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: domainsKey(widgetId) });
      onClose();
    },
  });
  const fault = add.error instanceof Problem ? (add.error.fields[0]?.detail ?? add.error.message) : add.error ? sentence(add.error) : null;
  return (
    <Dialog open onClose={onClose} title={t("add")} text={t("addText")}>
      <Form onSubmit={() => add.mutate()}>
        <Field label={t("host")} hint={t(scope === "test" ? "testHint" : "hostHint")} error={fault}>
          <Input autoFocus value={host} spellCheck={false} autoCapitalize="none" inputMode="url" onChange={(event) => setHost(event.target.value)} />
        </Field>
        <div>
          <Segments label={t("scope")} value={scope} options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))} onChange={setChosen} />
          <p className={css["hint"]}>{t(`scopeHint.${scope}`)}</p>
        </div>
        {scope === "host" && (
          <Segments label={t("method")} value={method} options={methods.map((value) => ({ value, label: t(`method.${value}`) }))} onChange={setMethod} />
        )}
        <FormEnd>
          <Button type="submit" tone="primary" busy={add.isPending} disabled={hostFrom(host) === ""}>{t("addAction")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </FormEnd>
      </Form>
    </Dialog>
  );
}
