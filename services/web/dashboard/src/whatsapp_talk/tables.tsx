import { ClipboardList, ShoppingBag } from "lucide-react";
import type { Content } from "wire";
import { countOf } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

type Of<T extends Content["type"]> = Extract<Content, { type: T }>;

/** A form as they filled it in. */
export function FormTable({ form }: { form: Of<"form"> }) {
  return (
    <div className={css["table"]}>
      <strong className={css["tableHead"]}>
        <ClipboardList size={14} aria-hidden />
        {form.name ?? t("form")}
      </strong>
      {form.answers.length === 0 && <p className={css["quiet"]}>{t("formEmpty")}</p>}
      <dl>
        {form.answers.map(({ label, value }, at) => (
          <div key={at}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Prices as WhatsApp wrote them: nobody here reckons with money. */
export function OrderTable({ order }: { order: Of<"order"> }) {
  const priced = order.items.some((item) => item.price);
  return (
    <div className={css["table"]}>
      <strong className={css["tableHead"]}>
        <ShoppingBag size={14} aria-hidden />
        {t("order")}
        <span className={css["fine"]}>{t("items", { n: countOf(order) })}</span>
      </strong>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("product")}</th>
            <th scope="col">{t("quantity")}</th>
            {priced && <th scope="col">{t("price")}</th>}
          </tr>
        </thead>
        <tbody>
          {order.items.map((item, at) => (
            <tr key={at}>
              <td>{item.product}</td>
              <td>{item.quantity}</td>
              {priced && <td>{[item.price, item.currency].filter(Boolean).join(" ")}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
