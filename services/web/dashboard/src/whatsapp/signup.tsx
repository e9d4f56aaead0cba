import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Button } from "ui";
import { signup, signupKey } from "./api.ts";
import { SignupDialog } from "./signup_steps.tsx";
import { t } from "./signup_words.ts";

/** Shown only where an app is set up for it; nothing of Meta's is touched before it is pressed. */
export function SignupButton({ tone = "plain" }: { tone?: "primary" | "plain" }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: signupKey, queryFn: signup });
  if (!data?.app_id || !data.config_id) return null;
  return (
    <>
      <Button tone={tone} onClick={() => setOpen(true)}>{t("button")}</Button>
      {open && <SignupDialog offer={data} onClose={() => setOpen(false)} />}
    </>
  );
}
