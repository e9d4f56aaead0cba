/** What the server says of itself, in words an operator knows. Numbers it does not know yet keep the server's names. Pure. */
export type Told = Record<string, unknown>;

const ENGINES: Record<string, string> = { sqlite: "SQLite", postgres: "PostgreSQL", postgresql: "PostgreSQL" };

export function plain({ heads, engine, dead_letters, ...rest }: Told): Told {
  const events = Array.isArray(heads) ? heads.reduce((sum: number, one: Told) => sum + Number(one["head"] ?? 0), 0) : undefined;
  return {
    ...rest,
    ...(engine !== undefined && { engine: ENGINES[String(engine)] ?? engine }),
    ...(events !== undefined && { events }),
    // An empty table would be a heading above nothing.
    ...(Array.isArray(dead_letters) && dead_letters.length > 0 && { dead_letters }),
  };
}
