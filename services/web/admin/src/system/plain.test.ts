import { describe, expect, it } from "vitest";
import { plain } from "./plain.ts";

describe("what the server says of itself", () => {
  it("is told without parts of the machine nobody asked for", () => {
    const told = plain({ version: "0.1.0", engine: "sqlite", jobs_dead: 0, dead_letters: [], heads: [{ shard: 0, head: 80 }, { shard: 1, head: 6 }] });
    expect(told).toEqual({ version: "0.1.0", engine: "SQLite", jobs_dead: 0, events: 86 });
  });

  it("keeps what it does not know, and tasks that gave up", () => {
    const dead_letters = [{ kind: "send_mail", attempts: 9 }];
    expect(plain({ scanner: "clamd", engine: "other", dead_letters })).toEqual({ scanner: "clamd", engine: "other", dead_letters });
  });
});
