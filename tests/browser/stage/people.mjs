/** A tenant's people and its widgets, through the API as its own pages use it. */

import assert from "node:assert/strict";
import { OPS, OURS, SHOP, at } from "./hosts.mjs";
import { ask } from "./requests.mjs";

const ORIGIN = at(OURS).slice(0, -1);

/** Somebody signed in at one of the two listeners. */
function caller(port, origin, token) {
  return async function call(method, path, body, expected = [200, 201, 202, 204]) {
    const answer = await ask(port, method, path, { headers: { origin, authorization: `Bearer ${token}` }, body });
    assert.ok([expected].flat().includes(answer.status), `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
}

export async function signIn(stage, email) {
  const answer = await ask(stage.public, "POST", "/v1/sessions", { headers: { origin: ORIGIN }, body: { email, password: stage.password } });
  assert.equal(answer.status, 201, answer.text);
  return { email, id: answer.json.agent.id, name: answer.json.agent.name, token: answer.json.access_token, call: caller(stage.public, ORIGIN, answer.json.access_token) };
}

export async function operator(stage) {
  const origin = at(OPS).slice(0, -1);
  const answer = await ask(stage.operator, "POST", "/operator/v1/sessions", { headers: { origin }, body: { email: stage.operator_email, password: stage.password } });
  assert.equal(answer.status, 201, answer.text);
  return { call: caller(stage.operator, origin, answer.json.access_token) };
}

let count = 0;

/** A tenant of its own for a test, with its owner signed in. */
export async function found(stage, name = "Lumen & Oak") {
  const host = `t${process.pid}-${++count}.example.com`;
  const { tenant } = await stage.tenant(name, `owner@${host}`);
  const owner = await signIn(stage, `owner@${host}`);

  async function hires(person, role = "agent") {
    const email = `${person.toLowerCase().replaceAll(" ", ".")}@${host}`;
    const id = await stage.agent(tenant, person, email, role);
    return { id, name: person, email };
  }

  async function widget({ name: called = "Shop", display = "floating", settings, hosts = [SHOP] } = {}) {
    const made = await owner.call("POST", "/v1/widgets", { name: called, display, ...(settings && { settings }) });
    const domains = {};
    for (const one of hosts) domains[one] = await verify(made.id, one);
    const { html } = await owner.call("GET", `/v1/widgets/${made.id}/snippet`);
    return { ...made, snippet: html, domains };
  }

  /** Claims a host, publishes its record, and has it looked at. `*.host` claims the tree. */
  async function verify(widgetId, spelled) {
    const isTree = spelled.startsWith("*.");
    const host = isTree ? spelled.slice(2) : spelled;
    const claim = await owner.call("POST", `/v1/widgets/${widgetId}/domains`, { host, scope: isTree ? "subtree" : "host", method: "dns" });
    const { name: record, value } = claim.instructions.dns;
    await stage.txt(record, value);
    await owner.call("POST", `/v1/domains/${claim.id}/check`, {});
    await stage.jobs();
    const seen = await owner.call("GET", `/v1/domains/${claim.id}`);
    assert.equal(seen.state, "verified", `${host}: ${JSON.stringify(seen.problem)}`);
    // the zone belongs to all tests; a name with fifty records proves nothing
    await stage.clear(record);
    return { ...seen, record, value };
  }

  return { id: tenant, name, host, owner, hires, widget, verify };
}

/** The embedding chain without a browser: bootstrap on a page of `origin`, and the session the frame would begin. */
export function visitor(stage, widgetId, origin = at(SHOP).slice(0, -1)) {
  const bootstrap = (headers = { origin }, body = { widget: widgetId }) => ask(stage.public, "POST", "/widget/v1/bootstrap", { headers, body });
  const session = (ticket, parent = origin, headers = { origin: ORIGIN }) =>
    ask(stage.public, "POST", "/widget/v1/sessions", { headers, body: { ticket, parent_origin: parent } });
  const call = (method, path, token, body) => ask(stage.public, method, path, { headers: { origin: ORIGIN, authorization: `Bearer ${token}` }, body });
  return { bootstrap, session, call };
}
