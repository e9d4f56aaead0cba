import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { Problem, type Widget } from "wire";
import { Banner, Chip, Empty, Failed, Page, say, sentence, Skeleton, Tabs, Toggle } from "ui";
import { DomainsPart } from "../domains/part.tsx";
import { format, type WidgetTab } from "../router.ts";
import { mayManage, useSelf } from "../session.ts";
import { saveWidget, widget as fetchWidget, widgetKey, widgetsKey } from "./api.ts";
import { Editor } from "./editor.tsx";
import { Install } from "./install.tsx";
import { t } from "./words.ts";
import css from "./widgets.module.css";

const tabs: readonly WidgetTab[] = ["look", "install", "domains"];

export function WidgetScreen({ id, tab }: { id: string; tab: WidgetTab }) {
  const { agent } = useSelf();
  const { data: widget, error, refetch } = useQuery({ queryKey: widgetKey(id), queryFn: () => fetchWidget(id) });
  if (error instanceof Problem && error.status === 404) return <Empty title={t("missing")}>{t("missingText")}</Empty>;
  if (error && !widget) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!widget) return <Skeleton kind="cards" lines={3} />;
  const manages = mayManage(agent.role);
  return (
    <Page
      wide
      title={widget.name}
      text={
        <>
          {t(`display.${widget.display}`)}
          {/* Whoever manages has the switch, which says the same. */}
          {!manages && <Chip tone={widget.active ? "good" : "neutral"}>{t(widget.active ? "active" : "inactive")}</Chip>}
        </>
      }
      actions={manages && <Switch widget={widget} />}
      back={
        <a className={css["back"]} href={format({ page: "widgets" })}>
          <ArrowLeft size={14} aria-hidden /> {t("back")}
        </a>
      }
    >
      <Tabs label={t("tabs")} items={tabs.map((one) => ({ href: format({ page: "widget", id, tab: one }), label: t(one), current: one === tab }))} />
      {!manages && (
        <div className={css["readOnly"]}>
          <Banner>{t("readOnly")}</Banner>
        </div>
      )}
      {tab === "look" && <Editor key={widget.version} widget={widget} manages={manages} />}
      {tab === "install" && <Install id={id} />}
      {tab === "domains" && <DomainsPart widgetId={id} manages={manages} />}
    </Page>
  );
}

function Switch({ widget }: { widget: Widget }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (active: boolean) => saveWidget(widget.id, { active }),
    onSuccess: (saved) => {
      client.setQueryData(widgetKey(widget.id), saved);
      void client.invalidateQueries({ queryKey: widgetsKey });
    },
    onError: (error) => say(sentence(error), { tone: "bad" }),
  });
  return <Toggle label={t("active")} checked={change.isPending ? change.variables : widget.active} onChange={change.mutate} />;
}
