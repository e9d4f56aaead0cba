import { Button, CopyLine, Dialog, FormEnd } from "ui";
import { t } from "./words.ts";
import css from "./whatsapp.module.css";

type Props = { callback: string; token: string | null; onClose: () => void };

/** What Meta must be told. A verify token is shown once, when it was made. */
export function Told({ callback, token, onClose }: Props) {
  return (
    <Dialog open onClose={onClose} title={t(token ? "toldTitle" : "showCallback")} {...(token ? { text: t("toldText") } : {})} wide>
      <div className={css["lines"]}>
        <CopyLine label={t("callback")} value={callback} />
        {token && <CopyLine label={t("verifyToken")} value={token} />}
      </div>
      <FormEnd>
        <Button tone="primary" onClick={onClose}>{t("done")}</Button>
      </FormEnd>
    </Dialog>
  );
}
