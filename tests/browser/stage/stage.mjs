/** The real server with its zone and its clock, in a process of its own: `tests/harness/stage.rs`. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OPS, OURS, at } from "./hosts.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");

export async function startStage(settings = {}) {
  const binary = program("stage");
  const all = { "public.url": at(OURS).slice(0, -1), "operator.url": at(OPS).slice(0, -1), ...settings };
  const child = spawn(binary, Object.entries(all).map(([key, value]) => `${key}=${value}`), { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  let gone = null;
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line)));
  const next = () => new Promise((resolve, reject) => (gone ? reject(gone) : waiting.push({ resolve, reject })));
  child.on("exit", (code) => {
    gone = new Error(`the stage ended with ${code}`);
    for (const one of waiting.splice(0)) one.reject(gone);
  });

  async function tell(command) {
    const answer = next();
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { ok, error } = await answer;
    if (error) throw new Error(`${command.do}: ${error}`);
    return ok;
  }

  const facts = await next();
  return {
    ...facts,
    tenant: (name, owner) => tell({ do: "tenant", name, owner }),
    agent: (tenant, name, email, role) => tell({ do: "agent", tenant, name, email, role }),
    txt: (name, text) => tell({ do: "txt", name, text }),
    clear: (name) => tell({ do: "clear", name }),
    advance: (seconds) => tell({ do: "advance", seconds }),
    jobs: () => tell({ do: "jobs" }),
    stop: () => tell({ do: "stop" }),
    start: () => tell({ do: "start" }),
    end() {
      child.stdin.end();
      return gone ? null : new Promise((go) => child.on("exit", go));
    },
  };
}

/** A program of the build; `CARGO_TARGET_DIR` is respected. */
export function program(name) {
  const path = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug", name);
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --workspace --bins`);
  return path;
}
