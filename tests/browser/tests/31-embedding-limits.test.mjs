/** What a forger meets when the limits are as shipped. */

import assert from "node:assert/strict";

export const settings = { "limits.factor": "1" };

export const tests = {
  "EMB-20 RL-08 whoever forges many origins meets the limits, and is told when to come back": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = t.visitor(widget.id);
    let answer;
    for (let n = 0; n < 100 && answer?.status !== 429; n++) answer = await visitor.bootstrap();
    assert.equal(`${answer.status} ${answer.json.code}`, "429 rate_limited");
    assert.ok(Number(answer.headers["retry-after"]) >= 1);
    assert.equal(answer.headers["access-control-allow-origin"], "https://shop.porchlight-example.com", "the page can read why");
  },

  "STORY a visitor who writes too fast is slowed down, told so, and loses nothing": async (t) => {
    const tenant = await t.found();
    const widget = await tenant.widget();
    const visitor = await t.visits({ widget });
    await visitor.opens();
    const said = Array.from({ length: 13 }, (_, n) => `Quick ${n + 1}`);
    for (const words of said) await visitor.says(words);
    await visitor.banner.getByText("That was quick").waitFor();
    await visitor.reaches("sent", said.at(-1));
    assert.deepEqual(await visitor.words(), said);
  },
};
