/** WhatsApp at a glance: a bubble with a handset, drawn here, in the colour of the words around it unless told. */
import css from "./talk.module.css";

type Props = { size?: number; label?: string; className?: string };

export function WhatsAppMark({ size = 14, label, className }: Props) {
  return (
    <svg
      className={`${css["mark"]} ${className ?? ""}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <path fill="currentColor" d="M12 1.8A10.2 10.2 0 0 0 3.2 17.2L1.8 22.2l5.2-1.4A10.2 10.2 0 1 0 12 1.8Z" />
      <path
        className={css["handset"]}
        d="M8.5 6.6c.4-.4 1-.3 1.3.1l1.2 1.8c.3.4.2.9-.1 1.2l-.7.7c.6 1.3 1.6 2.3 2.9 2.9l.7-.7c.3-.3.8-.4 1.2-.1l1.8 1.2c.5.3.5.9.1 1.3l-.8.9c-.6.6-1.4.8-2.2.6-3.3-.9-5.8-3.4-6.7-6.7-.2-.8 0-1.6.6-2.2Z"
      />
    </svg>
  );
}

/** On the corner of a face. */
export const Badge = ({ label }: { label: string }) => (
  <span className={css["badge"]}>
    <WhatsAppMark size={14} label={label} />
  </span>
);
