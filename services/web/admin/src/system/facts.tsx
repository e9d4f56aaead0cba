import { t } from "../words.ts";
import css from "./facts.module.css";

type Facts = Record<string, unknown>;

/** Names and values as the server gives them: a new number on the server needs no change here. */
export function Facts({ facts }: { facts: Facts }) {
  const plain = Object.entries(facts).filter(([, value]) => !isGroup(value));
  const groups = Object.entries(facts).filter(([, value]) => isGroup(value));
  return (
    <>
      <dl className={css["facts"]}>
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{show(name, value)}</dd>
          </div>
        ))}
      </dl>
      {groups.map(([name, value]) => (
        <section key={name} className={css["group"]}>
          <h3>{words(name)}</h3>
          {Array.isArray(value) ? <Table rows={value as Facts[]} /> : <Facts facts={value as Facts} />}
        </section>
      ))}
    </>
  );
}

function Table({ rows }: { rows: Facts[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name}>{words(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((name) => (
                <td key={name}>{show(name, row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const isGroup = (value: unknown): boolean => typeof value === "object" && value !== null && !isListOfPlain(value);
const isListOfPlain = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one !== "object");

/** Names that mean something in the server only. */
const NAMED = {
  agents: "agents",
  engine: "factEngine",
  connections: "factConnections",
  jobs_waiting: "factWaiting",
  jobs_late_seconds: "factLate",
  jobs_dead: "factDead",
  dead_letters: "factDeadLetters",
  events: "factEvents",
} as const;

function words(name: string): string {
  if (name in NAMED) return t(NAMED[name as keyof typeof NAMED]);
  const text = name.replace(/_(ms|at|bytes|seconds)$/, "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function show(name: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.join(", ") || "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return name.endsWith("_bytes") ? bytes(value) : value.toLocaleString() + unit(name);
  if (typeof value === "string" && name.endsWith("_at") && !Number.isNaN(Date.parse(value))) return new Date(value).toLocaleString();
  return String(value);
}

const unit = (name: string) => (name.endsWith("_ms") ? " ms" : name.endsWith("_seconds") ? " s" : "");

function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${(value / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: 1 })} ${units[step]}`;
}
