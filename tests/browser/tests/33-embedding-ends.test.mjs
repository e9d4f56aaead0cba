/** What happens to widgets when the proof of a domain goes. The clock is moved by days: a stage of its own. */

import assert from "node:assert/strict";
import { SHOP } from "../stage/hosts.mjs";
import { until } from "../stage/waiting.mjs";

export const tests = {
  "EMB-10 a domain whose record is gone has grace, is then suspended, goes dark, and comes back with its record": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const { id, record, value } = widget.domains[SHOP];
    const visitor = t.visitor(widget.id);
    const state = async () => {
      await t.stage.jobs();
      // the owner's token has gone with the days
      return (await (await fresh(t, tenant)).call("GET", `/v1/domains/${id}`)).state;
    };
    assert.equal((await visitor.bootstrap()).status, 200, "the premise");
    await t.stage.advance(30 * 3_600);
    await until("grace", state, (now) => now === "grace");
    assert.equal((await visitor.bootstrap()).status, 200, "grace still lets pages in");
    const session = (await visitor.session((await visitor.bootstrap()).json.ticket)).json;
    for (let day = 0; day < 5 && (await state()) === "grace"; day++) await t.stage.advance(24 * 3_600);
    assert.equal(await state(), "suspended");
    assert.equal((await visitor.bootstrap()).json.code, "origin_not_authorized");
    const renewed = await visitor.call("POST", "/widget/v1/sessions/refresh", session.access_token, {});
    assert.ok([401, 403].includes(renewed.status), "a session that was there does not go on");
    await t.stage.txt(record, value);
    const owner = await fresh(t, tenant);
    await owner.call("POST", `/v1/domains/${id}/check`, {});
    await until("verified again", state, (now) => now === "verified");
    assert.equal((await visitor.bootstrap()).status, 200);
  },

  "EMB-10 the owner of a domain who publishes revoke ends live widgets": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget });
    await visitor.opens();
    await visitor.says("Is anybody there?");
    await visitor.reaches("sent");
    const { id, record } = widget.domains[SHOP];
    await t.stage.txt(record, "revoke");
    await t.stage.advance(20);
    await tenant.owner.call("POST", `/v1/domains/${id}/check`, {});
    const since = performance.now();
    await t.stage.jobs();
    await visitor.frame.getByText("This chat is not available").waitFor();
    assert.ok(performance.now() - since < 5_000);
    assert.equal((await tenant.owner.call("GET", `/v1/domains/${id}`)).state, "revoked");
    await t.stage.clear(record);
  },
};

async function fresh(t, tenant) {
  const { signIn } = await import("../stage/people.mjs");
  return signIn(t.stage, tenant.owner.email);
}
