import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CopyPlus, Trash2 } from "lucide-react";
import { Banner, Button, Confirm, Empty, Failed, longAge, Page, say, Section, sentence, Skeleton, useNow } from "ui";
import { go } from "../router.ts";
import { accounts, accountsKey, deleteTemplate, templates, templatesKey } from "./api.ts";
import { formatPart } from "./address.ts";
import { languageName } from "./languages.ts";
import { category, quality, templateReason, templateStatus } from "./meta_words.ts";
import { Back, Dotted, Fact, Facts, Standing } from "./parts.tsx";
import { begin } from "./template_kept.ts";
import { TemplatePreview } from "./template_preview.tsx";
import { draftFrom, shapeOf } from "./template_shape.ts";
import { t } from "./template_words.ts";
import css from "./templates.module.css";

export function TemplatePage({ id }: { id: string }) {
  const now = useNow();
  const held = useQuery({ queryKey: accountsKey, queryFn: accounts });
  const { data, isPending, error, refetch } = useQuery({ queryKey: templatesKey, queryFn: templates });
  const template = data?.find((one) => one.id === id);
  const back = <Back href={formatPart({ at: "templates", status: "", q: "" })} label={t("back")} />;
  if (isPending) return <Page title={t("title")} back={back} wide><Skeleton kind="cards" lines={2} /></Page>;
  if (error) return <Page title={t("title")} back={back} wide><Failed error={error} onRetry={() => void refetch()} /></Page>;
  if (!template) return <Page title={t("missing")} back={back} wide><Empty title={t("missing")}>{t("missingText")}</Empty></Page>;
  const account = held.data?.items.find((one) => one.id === template.account_id);
  const said = templateStatus(template.status);
  const reason = templateReason(template.status, template.reason);
  const copy = () => {
    begin(template.account_id, draftFrom(template));
    go({ page: "whatsapp", part: { at: "new_template" } });
  };
  const actions = (
    <>
      <Button icon={<CopyPlus size={14} aria-hidden />} onClick={copy}>{t("copyAs")}</Button>
      {template.status !== "DELETED" && <Remove id={id} name={template.name} />}
    </>
  );
  return (
    <Page wide title={template.name} text={`${languageName(template.language)} · ${category(template.category)}`} back={back} actions={actions}>
      <div className={css["two"]}>
        <div>
          {reason && (
            <div className={css["why"]}>
              <Banner tone={said.tone === "bad" ? "bad" : said.tone === "warn" ? "warn" : "neutral"}>{reason}</Banner>
            </div>
          )}
          <Section>
            <Facts>
              <Fact label={t("status")}>
                <Standing said={said} />
              </Fact>
              <Fact label={t("quality")}>
                <Dotted said={quality(template.quality)} />
              </Fact>
              <Fact label={t("category")}>{category(template.category)}</Fact>
              <Fact label={t("language")}>{languageName(template.language)}</Fact>
              <Fact label={t("account")}>{account?.name ?? ""}</Fact>
              <Fact label={t("variables")}>{template.variables.join(", ") || t("noVariables")}</Fact>
            </Facts>
            <p className={css["changed"]}>{t("changed", { when: longAge(template.updated_at, now) })}</p>
          </Section>
        </div>
        <TemplatePreview shape={shapeOf(template.components)} from={account?.name ?? ""} />
      </div>
    </Page>
  );
}

function Remove({ id, name }: { id: string; name: string }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteTemplate(id),
    onSuccess: () => {
      say(t("deleted", { name }));
      go({ page: "whatsapp", part: { at: "templates", status: "", q: "" } }, "replace");
    },
    onSettled: () => client.invalidateQueries({ queryKey: templatesKey }),
  });
  return (
    <>
      <Button tone="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => setAsking(true)}>{t("delete")}</Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("deleteTitle", { name })}
        text={t("deleteText")}
        action={t("delete")}
        busy={remove.isPending}
        error={remove.error ? sentence(remove.error) : null}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
