import {
  createContext,
  useContext,
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
} from "react";
import { Eye, EyeOff } from "lucide-react";
import { t } from "./words.ts";
import css from "./field.module.css";

type Bound = { id: string; describedBy: string | undefined; invalid: boolean };
const Binding = createContext<Bound | null>(null);

type FieldProps = { label: string; hint?: ReactNode; error?: string | null | undefined; children: ReactNode };

/** Ties label, hint and error to the one control inside. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <Binding value={{ id, describedBy, invalid: Boolean(error) }}>
      <div className={css["field"]}>
        <label className={css["label"]} htmlFor={id}>
          {label}
        </label>
        {children}
        {error ? (
          <p className={css["error"]} id={`${id}-error`} role="alert">
            {error}
          </p>
        ) : (
          hint && (
            <p className={css["hint"]} id={`${id}-hint`}>
              {hint}
            </p>
          )
        )}
      </div>
    </Binding>
  );
}

export function useField() {
  const bound = useContext(Binding);
  return bound
    ? { id: bound.id, "aria-describedby": bound.describedBy, "aria-invalid": bound.invalid || undefined }
    : {};
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function Input({ className, ...rest }: InputProps) {
  return <input {...useField()} {...rest} className={`${css["input"]} ${className ?? ""}`} />;
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea {...useField()} {...rest} className={`${css["input"]} ${css["area"]} ${className ?? ""}`} />;
}

export function Password(props: InputProps) {
  const [shown, setShown] = useState(false);
  const label = shown ? t("hidePassword") : t("showPassword");
  return (
    <span className={css["password"]}>
      <Input {...props} type={shown ? "text" : "password"} />
      <button type="button" aria-label={label} aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
      </button>
    </span>
  );
}
