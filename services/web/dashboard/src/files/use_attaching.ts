/** Files into the tray of what is being written now; what is refused is said in words. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { say, sentence } from "ui";
import { checkFiles, type FileRules } from "wire";
import type { Mode } from "../inbox/drafts.ts";
import { useInbox } from "../inbox/context.tsx";
import type { Chosen } from "./chosen.ts";
import { refusalTexts } from "./refusals.ts";
import { placeKey } from "./trays.ts";
import { rulesQuery, useRules } from "./use_rules.ts";

export interface Attaching {
  rules: FileRules | null;
  refused: readonly string[];
  add(chosen: Chosen): void;
  dismiss(): void;
}

/** `problem` is what the channel has against a file, as a sentence. */
export function useAttaching(conversation: string, mode: Mode, problem: (file: File) => string | null = () => null): Attaching {
  const inbox = useInbox();
  const rules = useRules();
  const queries = useQueryClient();
  const [refused, setRefused] = useState<readonly string[]>([]);
  // somebody may be quicker than the rules: what they chose waits for them
  const add = ({ files, folders }: Chosen) => {
    if (!inbox.mayWrite) return;
    void queries.ensureQueryData(rulesQuery).then(
      (rules) => check(rules, { files, folders }),
      (error: unknown) => say(sentence(error), { tone: "bad" }),
    );
  };
  const check = (rules: FileRules, { files, folders }: Chosen) => {
    const already = inbox.store.get().trays.get(placeKey({ conversation, mode }))?.length ?? 0;
    const checked = checkFiles(rules, files, already);
    const problems = checked.fine.flatMap((file) => problem(file) ?? []);
    setRefused([...refusalTexts(checked.refused, folders), ...problems]);
    void inbox.trays.add({ conversation, mode }, checked.fine.filter((file) => problem(file) === null));
  };
  return { rules, refused, add, dismiss: () => setRefused([]) };
}
