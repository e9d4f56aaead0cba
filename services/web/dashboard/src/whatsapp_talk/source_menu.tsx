import { ChevronDown, Globe, Layers } from "lucide-react";
import { Button, Menu, MenuItem } from "ui";
import { goInbox, type Filter, type SourceFilter } from "../router.ts";
import { WhatsAppMark } from "./mark.tsx";
import { t } from "./words.ts";

const sources: readonly SourceFilter[] = ["all", "website", "whatsapp"];

/** Which channel the list shows. */
export function SourceMenu({ filter }: { filter: Filter }) {
  const name = labelOf(filter.source);
  return (
    <Menu
      align="end"
      trigger={
        <Button size="s" tone="quiet" icon={iconOf(filter.source)} title={name}>
          <span className="sr-only">
            {t("channel")}: {name}
          </span>
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    >
      {sources.map((source) => (
        <MenuItem key={source} icon={iconOf(source)} checked={source === filter.source} onSelect={() => goInbox({ filter: { source } }, "replace")}>
          {labelOf(source)}
        </MenuItem>
      ))}
    </Menu>
  );
}

const labelOf = (source: SourceFilter) => t(source === "all" ? "allChannels" : source);

function iconOf(source: SourceFilter) {
  if (source === "whatsapp") return <WhatsAppMark size={15} />;
  return source === "website" ? <Globe size={15} aria-hidden /> : <Layers size={15} aria-hidden />;
}
