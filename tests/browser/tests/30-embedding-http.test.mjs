/** The embedding chain, request by request: what browsers say honestly and what others may forge. */

import assert from "node:assert/strict";
import { BELOW, BESIDE, EVIL, FAR_BELOW, IDN, LOOKALIKE, OTHER, OURS, SHOP, SUFFIXED, TREE, at } from "../stage/hosts.mjs";
import { ask, knock } from "../stage/requests.mjs";

const origin = (host) => at(host).slice(0, -1);
const CHAIN = { origin: origin(SHOP), referer: at(SHOP, "/lamps"), "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "sec-fetch-site": "cross-site" };

async function shop(t, hosts) {
  const tenant = await t.found();
  const widget = await tenant.widget({ hosts });
  return { tenant, widget, visitor: t.visitor(widget.id) };
}

/** Proves that a page gets in, then that each of the others does not, all with the same words. */
async function letsIn(visitor, yes, no) {
  for (const headers of yes) {
    const answer = await visitor.bootstrap(headers);
    assert.equal(answer.status, 200, `${JSON.stringify(headers)} ${answer.text}`);
    assert.equal(answer.headers["access-control-allow-origin"]?.startsWith("https://"), true);
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
    assert.equal(answer.headers["cache-control"], "no-store");
  }
  for (const headers of no) {
    const answer = await visitor.bootstrap(headers);
    assert.equal(`${answer.status} ${answer.json?.code}`, "403 origin_not_authorized", JSON.stringify(headers));
    assert.equal(answer.text.includes("ticket"), false);
    assert.notEqual(answer.headers["access-control-allow-origin"], "*");
  }
}

const frameOf = (t, key) => ask(t.stage.public, "GET", `/widget/v1/frame/${key}`);
const ancestors = (answer) => answer.headers["content-security-policy"].match(/frame-ancestors ([^;]*)/)[1];

export const tests = {
  "EMB-01 a bootstrap without an origin is refused": async (t) => {
    const { visitor } = await shop(t);
    await letsIn(visitor, [CHAIN, { origin: origin(SHOP) }], [{}, { referer: at(SHOP) }, { origin: "" }]);
  },

  "EMB-02 EMB-03 EMB-04 EMB-05 names that look alike, ports, schemes and null are refused": async (t) => {
    const { visitor } = await shop(t);
    const strangers = [origin(SUFFIXED), origin(LOOKALIKE), origin(EVIL), origin(OURS), `${origin(SHOP)}:8443`, `http://${SHOP}`, "null", "file://", `https://${SHOP}@${EVIL}`, `${origin(SHOP)}/`, `*`];
    await letsIn(visitor, [{ origin: origin(SHOP) }], strangers.map((one) => ({ origin: one })));
  },

  "EMB-06 other headers that contradict the origin refuse it": async (t) => {
    const { visitor } = await shop(t);
    const but = (name, value) => ({ ...CHAIN, [name]: value });
    await letsIn(
      visitor,
      [CHAIN, but("referer", at(SHOP))],
      [but("referer", at(EVIL)), but("referer", at(OTHER)), but("referer", "null"), but("sec-fetch-mode", "navigate"), but("sec-fetch-mode", "no-cors"), but("sec-fetch-dest", "iframe"), but("sec-fetch-dest", "document")],
    );
  },

  "EMB-07 one origin has many spellings and one meaning": async (t) => {
    const { visitor } = await shop(t, [SHOP, IDN]);
    const unicode = Buffer.from("https://bücher.porchlight-example.com", "utf8").toString("latin1");
    await letsIn(
      visitor,
      [SHOP.toUpperCase(), `${SHOP}.`, `${SHOP}:443`, IDN, IDN.toUpperCase()].map((host) => ({ origin: `https://${host}` })),
      [`https://sh%6fp.porchlight-example.com`, `https://${SHOP}%2e`, `https://${SHOP}..`, `https://xn--shp-zna.porchlight-example.com`].map((one) => ({ origin: one })),
    );
    const raw = await visitor.bootstrap({ origin: unicode });
    assert.ok([200, 403].includes(raw.status), "no browser spells it so; it must not break anything");
  },

  "EMB-08 a tree is compared by labels, a host whole": async (t) => {
    const { visitor } = await shop(t, [`*.${TREE}`, SHOP]);
    const say = (host) => ({ origin: origin(host) });
    await letsIn(visitor, [TREE, BELOW, FAR_BELOW, SHOP].map(say), [BESIDE, `www.${SHOP}`, `${TREE}.attacker-example.net`].map(say));
  },

  "EMB-09 WS-02 a socket is opened by our own pages only": async (t) => {
    await shop(t);
    for (const path of ["/widget/v1/live", "/v1/live"]) {
      assert.equal((await knock(t.stage.public, path, { origin: origin(OURS) })).status, 101, "the premise");
      for (const headers of [{ origin: origin(SHOP) }, { origin: origin(EVIL) }, {}, { origin: "null" }, { origin: origin(OURS), "sec-fetch-site": "cross-site" }]) {
        const { status } = await knock(t.stage.public, path, headers);
        assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
      }
      const withToken = await knock(t.stage.public, `${path}?token=x`, { origin: origin(OURS) });
      assert.equal(withToken.status, 400, "nothing secret stands in an address");
    }
  },

  "EMB-14 unknown, switched off, unclaimed and senseless keys give the same bytes and 'none'": async (t) => {
    const { tenant, widget } = await shop(t);
    const off = await tenant.widget();
    await tenant.owner.call("PATCH", `/v1/widgets/${off.id}`, { active: false });
    const empty = await tenant.widget({ hosts: [] });
    const live = await frameOf(t, widget.id);
    assert.equal(ancestors(live), origin(SHOP));
    const same = (answer) => JSON.stringify([answer.status, Object.entries(answer.headers).filter(([name]) => !["date", "x-request-id"].includes(name)).sort(), answer.text]);
    const nobody = await Promise.all([off.id, empty.id, `wgt_${"0".repeat(32)}`, "nonsense", "%00"].map((key) => frameOf(t, key)));
    for (const answer of nobody) {
      assert.equal(ancestors(answer), "'none'");
      assert.equal(same(answer), same(nobody[0]));
      assert.equal(answer.text, live.text, "the page itself tells nothing either");
    }
  },

  "EMB-15 a ticket works once, for its own page, within a minute": async (t) => {
    const { tenant, widget } = await shop(t, [SHOP, OTHER]);
    const visitor = t.visitor(widget.id);
    const another = await tenant.widget({ hosts: [SHOP] });
    const ticket = async () => (await visitor.bootstrap()).json.ticket;
    const refused = async (answer, why) => assert.equal(`${(await answer).status} ${(await answer).json.code}`, "403 ticket_refused", why);

    const once = await ticket();
    assert.equal((await visitor.session(once)).status, 201, "the premise");
    await refused(visitor.session(once), "twice");
    await refused(visitor.session(await ticket(), origin(OTHER)), "on another verified page of the same widget");
    await refused(visitor.session(await ticket(), origin(EVIL)), "on a stranger's page");
    await refused(visitor.session(`${await ticket()}x`), "forged");
    const foreign = (await t.visitor(another.id).bootstrap()).json.ticket;
    const session = (await visitor.session(foreign)).json;
    const { wid } = claims(session.access_token);
    assert.notEqual(wid, widget.id, "a ticket of another widget makes a session of that widget");
    const old = await ticket();
    await t.stage.advance(61);
    await refused(visitor.session(old), "after 61 s");
    for (const headers of [{}, { origin: origin(SHOP) }, { origin: "null" }]) {
      const answer = await visitor.session(await ticket(), origin(SHOP), headers);
      assert.equal(answer.status, 403, `a session from ${JSON.stringify(headers)}`);
    }
  },

  "EMB-20 whoever forges an origin gets a fresh session of their own and nothing else": async (t) => {
    const { visitor } = await shop(t);
    const begin = async () => (await visitor.session((await visitor.bootstrap()).json.ticket)).json;
    const [victim, forger] = [await begin(), await begin()];
    const opened = await visitor.call("POST", "/widget/v1/conversations", victim.access_token, { client_id: "one", body: "my secret" });
    assert.equal(opened.status, 201, opened.text);
    assert.notEqual(victim.visitor.id, forger.visitor.id);
    assert.equal(forger.conversation, null);
    const theirs = await visitor.call("GET", "/widget/v1/conversations", forger.access_token);
    assert.deepEqual(theirs.json.items, []);
    const peek = await visitor.call("GET", `/widget/v1/conversations/${opened.json.conversation.id}/messages`, forger.access_token);
    const none = await visitor.call("GET", `/widget/v1/conversations/cnv_${"0".repeat(32)}/messages`, forger.access_token);
    assert.equal(peek.status, 404);
    assert.equal(peek.json.code, none.json.code);
  },
};

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
