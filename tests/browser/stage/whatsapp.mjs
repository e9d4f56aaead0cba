/**
 * Meta, played by the simulator of `tests/graph-sim` in a process of its own, for tests with WhatsApp in them.
 *
 * A test file says `export const beside = () => startSim();` and finds it as `t.sim`; alone, with a stage started by hand:
 * `const sim = await startSim(); const stage = await startStage(sim.settings);`
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { program } from "./stage.mjs";

/** What the simulator begins with. */
export const META = {
  app: "670843887433847",
  secret: "test_app_secret",
  waba: "102290129340398",
  number: "106540352242922",
  display: "+1 555 078 3881",
  token: "EAAGsimSystemUserToken",
  people: ["16505551234", "491701234567", "5541998765432"],
};

let count = 0;

export async function startSim(options = {}) {
  const words = Object.entries({ listen: "127.0.0.1:0", ...options }).flatMap(([key, value]) => [`--${key}`, `${value}`]);
  const child = spawn(program("graph-sim"), words, { stdio: ["ignore", "pipe", "inherit"] });
  const base = await listening(child);

  /** Any request to the simulator; its refusals are errors. */
  async function ask(method, path, body) {
    const answer = await fetch(`${base}${path}`, { method, ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  const act = (path, body = {}) => ask("POST", `/_sim/${path}`, body);

  /** Has the app call this door of the stage. */
  const callsBack = (stage, door, app = META.app) => act("apps", { id: app, callback: `http://127.0.0.1:${stage.public}/inbound/whatsapp/${door}` });

  return {
    base,
    /** What the server must be told to ask here, and to be allowed to. */
    settings: { "whatsapp.graph_url": base, "net.allow": '["127.0.0.1/32"]' },
    /** What tests find beside their other things. */
    ground: (sim) => ({ sim }),
    ask,
    act,
    callsBack,
    /** Everything due was pushed and answered. */
    settle: () => act("settle"),
    /** Somebody's phone: `await sim.says("16505551234", "Hello")`. */
    says: (person, text) => act(`users/${person}/send`, { kind: "text", text }),
    /** What a phone shows. */
    chat: (person) => ask("GET", `/_sim/users/${person}/chat`),
    /** The world as at the beginning; callbacks are forgotten. */
    reset: () => act("reset"),
    /** An account of its own at Meta with a number and a token: no two tenants of one stage may have the same number. */
    async account(name = "Lumen & Oak", number = {}) {
      const n = `${++count}`.padStart(4, "0");
      const made = { app: META.app, waba: `20000000000${n}`, number: `30000000000${n}`, token: `EAAGtokenOfAccount${n}`, name };
      await act("wabas", { id: made.waba, name });
      await act("numbers", { id: made.number, waba: made.waba, digits: `1555018${n}`, verified_name: name, ...number });
      await act("tokens", { token: made.token, app: META.app, targets: [made.waba], scopes: ["whatsapp_business_messaging", "whatsapp_business_management"] });
      return made;
    },
    /** Gives a tenant the simulator's app and, unless told otherwise, its account; answers both and the number. */
    async connects(stage, owner, { account = true, of = META } = {}) {
      const app = await owner.call("POST", "/v1/whatsapp/apps", { meta_app_id: META.app, name: "Our app", secret: META.secret });
      await callsBack(stage, app.id);
      if (!account) return { app };
      const made = await owner.call("POST", "/v1/whatsapp/accounts", { app_id: app.id, waba_id: of.waba, token: of.token });
      const { items } = await owner.call("GET", "/v1/whatsapp/numbers");
      return { app, account: made, number: items[0] };
    },
    end() {
      const gone = new Promise((go) => child.on("exit", go));
      child.kill("SIGINT");
      return gone;
    },
  };
}

/** Its first line says where it is. */
function listening(child) {
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`the simulator ended with ${code}`)));
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => {
      const found = /listens on (http:\/\/\S+)/.exec(line);
      if (found) resolve(found[1]);
      else reject(new Error(`the simulator said: ${line}`));
    });
  });
}
