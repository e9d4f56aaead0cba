import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Check, Upload } from "lucide-react";
import { Button, Field, useField } from "ui";
import { giveSample } from "./api.ts";
import { Refused } from "./refused.tsx";
import { t } from "./template_words.ts";
import css from "./templates.module.css";

const accepts = { image: "image/jpeg,image/png", video: "video/mp4", document: "application/pdf" };

type Props = { account: string; kind: keyof typeof accepts; given: boolean; error: string | null; onGiven: (handle: string) => void };

/** A file for Meta's reviewers only; what they get is a handle, and nothing of it stays here. */
export function Sample({ account, kind, given, error, onGiven }: Props) {
  const [name, setName] = useState("");
  const send = useMutation({
    mutationFn: (file: File) => (setName(file.name), giveSample(account, file)),
    onSuccess: ({ handle }) => onGiven(handle),
  });
  return (
    <Field label={t("sample")} hint={t("sampleHint")} error={error}>
      <Chooser accept={accepts[kind]} busy={send.isPending} onChosen={(file) => send.mutate(file)} />
      {send.isPending && <p className={css["sample"]} role="status">{t("sampleSending")}</p>}
      {given && !send.isPending && (
        <p className={css["sample"]} role="status">
          <Check size={14} aria-hidden /> {t("sampleGiven", { name })}
        </p>
      )}
      <Refused error={send.error} />
    </Field>
  );
}

function Chooser({ accept, busy, onChosen }: { accept: string; busy: boolean; onChosen: (file: File) => void }) {
  const field = useField();
  return (
    <span className={css["chooser"]}>
      <input
        type="file"
        className="sr-only"
        {...field}
        accept={accept}
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) onChosen(file);
        }}
      />
      <Button busy={busy} icon={<Upload size={14} aria-hidden />} onClick={(event) => event.currentTarget.parentElement?.querySelector("input")?.click()}>
        {t("sampleChoose")}
      </Button>
    </span>
  );
}
