import { beforeEach, expect, test } from "vitest";
import { createOutbox } from "../wire/outbox";
import { memoryStore } from "../wire/outbox_store";
import { Problem } from "../wire/rest";
import { createUploads } from "../wire/upload";
import { createFeed, type Feed } from "../wire/upload_feed";
import { attachedOf, fileIds, healFiles, isUploaded, type WithFiles } from "../wire/upload_message";
import { memoryUploads } from "../wire/upload_store";
import { fakeClock, settle } from "./fake_clock";
import { FakeRequest, openFake } from "./fake_request";
import { file } from "./samples";

type Said = WithFiles & { body: string };

beforeEach(() => void (FakeRequest.all = []));

/** A page with an outbox and uploads; what the server gets is in `got`. */
function page(given: { answers?: Error[]; store?: ReturnType<typeof memoryStore<Said>>; bytes?: ReturnType<typeof memoryUploads> } = {}) {
  const clock = fakeClock();
  const got: string[] = [];
  const answers = given.answers ?? [];
  let feed: Feed<Said> | null = null;
  const uploads = createUploads({
    url: "/f",
    token: () => "t",
    state: () => Promise.reject(new Problem(0, {})),
    remove: async () => {},
    store: given.bytes ?? memoryUploads(),
    openRequest: openFake,
    clock,
    onChange: () => feed?.uploaded(),
  });
  const outbox = createOutbox<Said, void>({
    store: given.store ?? memoryStore<Said>(),
    async send({ payload }) {
      const fault = answers.shift();
      if (fault) throw fault;
      got.push([payload.body, ...fileIds(payload)].join(" "));
    },
    onChange: (items) => feed?.changed(items),
    isReady: isUploaded,
    heal: healFiles,
    clock,
  });
  feed = createFeed(outbox, uploads);
  const choose = (name: string) => uploads.add({ name, bytes: new Blob([name]), conversation_id: null }).id;
  const say = (body: string, ...ids: string[]) => outbox.add({ body, files: ids.map((id) => attachedOf(uploads.get(id)!)) }, "chat");
  const states = () => outbox.items().map((item) => [item.payload.body, item.state, item.failure?.code].filter(Boolean).join(" "));
  return { clock, got, uploads, outbox, feed, choose, say, states };
}

const request = (n: number) => FakeRequest.all.at(n)!;

test("a message goes when its files are up, and what was said later goes after it", async () => {
  const { got, uploads, choose, say } = page();
  const [a, b] = [choose("a.png"), choose("b.png")];
  await say("look", a, b);
  await say("later");
  await settle();
  request(1).takes(file("fil_b"));
  await settle();
  expect(got).toEqual([]);
  request(0).takes(file("fil_a", { state: "checking" }));
  await settle();
  expect(got, "in the sender's order; the check does not hold it").toEqual(["look fil_a fil_b", "later"]);
  expect(uploads.list(), "and nothing is kept").toEqual([]);
});

test("files that were up before go at once", async () => {
  const { got, choose, say } = page();
  const a = choose("a.png");
  await settle();
  request(0).takes(file("fil_a"));
  await settle();
  await say("", a);
  await settle();
  expect(got).toEqual([" fil_a"]);
});

test("nothing runs while a message waits for its files", async () => {
  const { clock, choose, say } = page();
  const a = choose("a.png");
  await say("look", a);
  await settle();
  // The stalled-line watch is all there is.
  expect(clock.pending()).toBe(1);
});

test("a refused file fails its message with the reason, and the rest goes on; without the file it may be sent", async () => {
  const { got, feed, outbox, choose, say, states } = page();
  const a = choose("a.png");
  await say("look", a);
  await say("later");
  await settle();
  request(0).takes(file("fil_a", { state: "refused", reason: "infected" }));
  await settle();
  expect(states()).toEqual(["look failed infected"]);
  expect(got).toEqual(["later"]);
  await feed.retry(outbox.items()[0]!.client_id);
  await settle();
  expect(got).toEqual(["later", "look"]);
});

test("a message of nothing but a refused file is gone after trying again", async () => {
  const { got, feed, outbox, choose, say } = page();
  await say("", choose("a.png"));
  await settle();
  request(0).answers(413, { code: "file_too_large" });
  await settle();
  await feed.retry(outbox.items()[0]!.client_id);
  await settle();
  expect(outbox.items()).toEqual([]);
  expect(got).toEqual([]);
});

test("a limit fails the message; trying again sends the bytes again", async () => {
  const { got, feed, outbox, choose, say, states } = page();
  await say("look", choose("a.png"));
  await settle();
  request(0).answers(429, { code: "upload_limit" });
  await settle();
  expect(states()).toEqual(["look failed upload_limit"]);
  await feed.retry(outbox.items()[0]!.client_id);
  await settle();
  request(1).takes(file("fil_a"));
  await settle();
  expect(got).toEqual(["look fil_a"]);
});

test("a server that does not know the file any more gets the bytes again", async () => {
  const unknown = new Problem(422, { code: "validation", fields: [{ field: "file_ids", code: "unknown_file", detail: "" }] });
  const { got, choose, say, states } = page({ answers: [unknown] });
  const a = choose("a.png");
  await settle();
  request(0).takes(file("fil_old"));
  await settle();
  await say("look", a);
  await say("later");
  await settle();
  expect(states()).toEqual(["look queued validation", "later queued"]);
  request(1).takes(file("fil_new"));
  await settle();
  expect(got).toEqual(["look fil_new", "later"]);
});

test("and one that refuses them for ever is not asked for ever", async () => {
  const refused = () => new Problem(422, { code: "validation", fields: [{ field: "file_ids", code: "file_refused", detail: "" }] });
  const { choose, say, states } = page({ answers: Array.from({ length: 20 }, refused) });
  await say("look", choose("a.png"));
  for (let n = 0; n < 10; n++) {
    await settle();
    FakeRequest.all.at(-1)!.takes(file(`fil_${n}`));
  }
  await settle();
  expect(states()).toEqual(["look failed validation"]);
  expect(FakeRequest.all.length).toBeLessThan(6);
});

test("a reload in the middle loses nothing", async () => {
  const kept = { store: memoryStore<Said>(), bytes: memoryUploads() };
  const before = page(kept);
  await before.say("look", before.choose("a.png"));
  await settle();
  before.uploads.close();
  before.outbox.close();
  FakeRequest.all = [];
  const after = page(kept);
  await after.outbox.resume();
  await settle();
  expect(await (request(0).body!.get("file") as globalThis.File).text()).toBe("a.png");
  request(0).takes(file("fil_a"));
  await settle();
  expect(after.got).toEqual(["look fil_a"]);
  expect(await kept.bytes.all()).toEqual([]);
});

test("when the bytes are gone with the page, the message says so", async () => {
  const store = memoryStore<Said>();
  const before = page({ store });
  await before.say("look", before.choose("a.png"));
  await settle();
  before.outbox.close();
  const after = page({ store });
  await after.outbox.resume();
  await settle();
  expect(after.states()).toEqual(["look failed bytes_lost"]);
});
