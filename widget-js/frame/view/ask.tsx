/** The gentle question for a name and an e-mail address, after the first message. */

import { useState } from "preact/hooks";
import { Problem } from "../../wire/rest";
import { t } from "../i18n";

export function Ask({ onSave, onSkip }: { onSave(given: { name?: string; email?: string }): Promise<void>; onSkip(): void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [problem, setProblem] = useState<"" | "ask_wrong" | "ask_failed">("");
  const [isBusy, setBusy] = useState(false);

  async function save(event: Event) {
    event.preventDefault();
    const given = { ...(name.trim() && { name: name.trim() }), ...(email.trim() && { email: email.trim() }) };
    if (!Object.keys(given).length) return onSkip();
    if (given.email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email)) return setProblem("ask_wrong");
    setBusy(true);
    try {
      await onSave(given);
    } catch (error) {
      setProblem(error instanceof Problem && error.status === 422 ? "ask_wrong" : "ask_failed");
      setBusy(false);
    }
  }

  return (
    <form class="card ask" onSubmit={save} noValidate>
      <strong>{t("ask_title")}</strong>
      <div class="pair">
        <label>
          <span>{t("ask_name")}</span>
          <input value={name} autocomplete="name" maxLength={200} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          <span>{t("ask_email")}</span>
          <input
            type="email"
            inputMode="email"
            value={email}
            autocomplete="email"
            maxLength={320}
            aria-invalid={problem === "ask_wrong"}
            onInput={(event) => {
              setEmail(event.currentTarget.value);
              setProblem("");
            }}
          />
        </label>
      </div>
      {problem && <span role="alert">{t(problem)}</span>}
      <div class="buttons">
        <button class="plain" type="button" onClick={onSkip}>
          {t("ask_skip")}
        </button>
        <button class="primary" type="submit" disabled={isBusy}>
          {t("ask_save")}
        </button>
      </div>
    </form>
  );
}
