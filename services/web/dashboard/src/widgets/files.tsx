import { useQuery } from "@tanstack/react-query";
import type { WidgetSettings } from "wire";
import { Pair, Section, Toggle } from "ui";
import { filePolicy, policyKey, type KnownPolicy } from "../files/api.ts";
import { sizeText } from "../files/kinds.ts";
import { bytesOf, MB, megabytes, whole } from "../files/settings_state.ts";
import { TypeChoices } from "../files/type_choices.tsx";
import { rulesText } from "../files/use_rules.ts";
import { t } from "../files/words.ts";
import form from "../files/settings.module.css";
import type { PartProps } from "./editor.tsx";
import { NarrowNumber } from "./narrow_number.tsx";
import css from "./widgets.module.css";

type Files = WidgetSettings["files"];

/** What this widget's visitors may attach: never more than the team's settings say. */
export function WidgetFiles({ settings, disabled, fault, onChange }: PartProps) {
  const { data: team } = useQuery({ queryKey: policyKey, queryFn: filePolicy, enabled: !disabled });
  const { files } = settings;
  const change = (part: Partial<Files>) => onChange({ files: { ...files, ...part } });
  return (
    <Section title={t("widgetFiles")}>
      <Toggle label={t("widgetOn")} text={t("widgetOnText")} checked={files.enabled} disabled={disabled} onChange={(enabled) => change({ enabled })} />
      {files.enabled && team && <Narrower files={files} team={team} fault={fault} onChange={change} />}
    </Section>
  );
}

type NarrowerProps = { files: Files; team: KnownPolicy; fault: (field: string) => string | null; onChange: (change: Partial<Files>) => void };

function Narrower({ files, team, fault, onChange }: NarrowerProps) {
  return (
    <div className={form["narrow"]}>
      <p className={css["hint"]}>{t("widgetTeam", { rules: rulesText({ ...team, enabled: true }) })}</p>
      <Pair>
        <NarrowNumber
          label={t("most")}
          hint={t("widgetNarrowText")}
          placeholder={String(team.most)}
          value={files.most}
          parse={(text) => whole(text, 1, team.most)}
          show={String}
          wrong={t("wrongNumber", { from: 1, to: team.most })}
          error={fault("files.most")}
          onChange={(most) => onChange({ most })}
        />
        <NarrowNumber
          label={t("size")}
          hint={t("sizeTeam", { size: sizeText(team.max_bytes) })}
          placeholder={megabytes(team.max_bytes)}
          value={files.max_bytes}
          parse={(text) => bytesOf(text, team.max_bytes)}
          show={megabytes}
          wrong={t("wrongNumber", { from: 1, to: Math.floor(team.max_bytes / MB) })}
          error={fault("files.max_bytes")}
          onChange={(max_bytes) => onChange({ max_bytes })}
        />
      </Pair>
      <Toggle label={t("widgetTypes")} checked={files.types !== null} onChange={(on) => onChange({ types: on ? [...team.types] : null })} />
      {files.types !== null && <TypeChoices types={files.types} ceiling={team.types} onChange={(types) => onChange({ types })} />}
      {files.types?.length === 0 && <p className={form["fault"]} role="alert">{t("typesNone")}</p>}
    </div>
  );
}
