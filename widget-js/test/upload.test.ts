import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../wire/rest";
import { createUploads, type Upload, type UploadsOptions } from "../wire/upload";
import { attachedOf } from "../wire/upload_message";
import { STALLED_MS } from "../wire/upload_request";
import { KEPT_BYTES, KEPT_MS, indexedDbUploads, memoryUploads } from "../wire/upload_store";
import { fakeClock, settle } from "./fake_clock";
import { FakeRequest, openFake } from "./fake_request";
import { file } from "./samples";

beforeEach(() => void (FakeRequest.all = []));

const bytes = (text = "words") => new Blob([text], { type: "text/plain" });
const one = (name: string, given = {}) => ({ name, bytes: bytes(), conversation_id: null, ...given });

function begin(more: Partial<UploadsOptions> = {}) {
  const clock = fakeClock();
  const removed: string[] = [];
  const states: Record<string, ReturnType<typeof file> | Problem> = {};
  const uploads = createUploads({
    url: "/widget/v1/files",
    token: () => "t1",
    async state(id) {
      const found = states[id] ?? new Problem(404, {});
      if (found instanceof Problem) throw found;
      return { file: found };
    },
    remove: async (id) => void removed.push(id),
    openRequest: openFake,
    clock,
    ...more,
  });
  const shown = () => uploads.list().map(({ name, state, failure }) => [name, state, failure?.code].filter(Boolean).join(" "));
  return { uploads, clock, removed, states, shown };
}

const requests = () => FakeRequest.all;
const last = () => FakeRequest.all.at(-1)!;

describe("going up", () => {
  test("one file is one multipart request with the token, text parts first", async () => {
    const { uploads, shown } = begin();
    uploads.add(one("a.txt", { conversation_id: "cnv_1" }));
    await settle();
    expect(last()).toMatchObject({ method: "POST", url: "/widget/v1/files", headers: { authorization: "Bearer t1" } });
    expect([...last().body!.keys()]).toEqual(["conversation_id", "file"]);
    const sent = last().body!.get("file") as globalThis.File;
    expect([sent.name, await sent.text()]).toEqual(["a.txt", "words"]);
    expect(shown()).toEqual(["a.txt uploading"]);
  });

  test("tells how much has left, and that the server looks at it", async () => {
    const { uploads, shown } = begin();
    const { id } = uploads.add(one("a.txt"));
    await settle();
    last().moves(30, 120);
    expect(uploads.get(id)).toMatchObject({ state: "uploading", sent: 0.25 });
    last().upload.onload?.();
    expect(uploads.get(id)).toMatchObject({ state: "checking", sent: 1 });
    last().takes(file("fil_1", { name: "a.txt" }));
    await settle();
    expect(shown()).toEqual(["a.txt ready"]);
    expect(uploads.get(id)!.file!.id).toBe("fil_1");
  });

  test("two at a time, in the order they were chosen", async () => {
    const { uploads } = begin();
    for (const name of ["a", "b", "c", "d"]) uploads.add(one(name));
    await settle();
    const names = () => requests().map((request) => (request.body!.get("file") as globalThis.File).name);
    expect(names()).toEqual(["a", "b"]);
    requests()[1]!.takes(file("fil_b"));
    await settle();
    expect(names()).toEqual(["a", "b", "c"]);
    requests()[0]!.breaks();
    await settle();
    expect(names(), "one that waits for the network does not hold the next").toEqual(["a", "b", "c", "d"]);
  });

  test("a token that is over is renewed once", async () => {
    const asked: boolean[] = [];
    const { uploads, shown } = begin({ token: (stale) => (asked.push(stale), stale ? "t2" : "t1") });
    uploads.add(one("a.txt"));
    await settle();
    last().answers(401, { code: "unauthenticated" });
    await settle();
    expect(last().headers["authorization"]).toBe("Bearer t2");
    last().takes(file("fil_1", { name: "a.txt" }));
    await settle();
    expect(asked).toEqual([false, true]);
    expect(shown()).toEqual(["a.txt ready"]);
  });
});

describe("trouble", () => {
  test("a dead network is waited out with growing pauses, and the file arrives", async () => {
    const { uploads, clock, shown } = begin();
    uploads.add(one("a.txt"));
    for (let n = 1; n <= 4; n++) {
      await settle();
      expect(requests()).toHaveLength(n);
      last().breaks();
      await settle();
      expect(shown()).toEqual(["a.txt waiting network"]);
      await clock.move(500 * 2 ** n);
    }
    last().takes(file("fil_1", { name: "a.txt" }));
    await settle();
    expect(shown()).toEqual(["a.txt ready"]);
  });

  test("a store that is away says when to come back, and is obeyed", async () => {
    const { uploads, clock, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().answers(503, { code: "file_store_unavailable" }, { "retry-after": "20" });
    await clock.move(19_000);
    expect(shown()).toEqual(["a.txt waiting file_store_unavailable"]);
    expect(requests()).toHaveLength(1);
    await clock.move(2_000);
    expect(requests()).toHaveLength(2);
  });

  test.each(["body_too_slow", "body_broken"])("a request that came in part (%s) is tried again", async (code) => {
    const { uploads, clock, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().answers(400, { code });
    await settle();
    expect(shown()).toEqual([`a.txt waiting ${code}`]);
    await clock.move(1_000);
    expect(requests()).toHaveLength(2);
  });

  test("waking does not wait out the pause", async () => {
    const { uploads } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().answers(503, {}, { "retry-after": "50" });
    await settle();
    uploads.wake();
    await settle();
    expect(requests()).toHaveLength(2);
  });

  test("a line on which nothing moves is given up, a slow one is not", async () => {
    const { uploads, clock, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    const first = last();
    for (let n = 0; n < 5; n++) {
      await clock.move(STALLED_MS - 1);
      first.moves(n, 100);
    }
    expect(first.isAborted).toBe(false);
    await clock.move(STALLED_MS + 1);
    expect(first.isAborted).toBe(true);
    expect(shown()).toEqual(["a.txt waiting timeout"]);
  });

  test.each([
    [422, { code: "validation", fields: [{ field: "file", code: "file_type_refused", detail: "No." }] }, "refused file_type_refused"],
    [413, { code: "file_too_large" }, "refused file_too_large"],
    [403, { code: "files_off" }, "refused files_off"],
    [409, { code: "storage_full" }, "failed storage_full"],
    [429, { code: "upload_limit" }, "failed upload_limit"],
    [404, { code: "not_found" }, "failed not_found"],
  ])("%i %j is for a person", async (status, body, expected) => {
    const { uploads, clock, shown } = begin();
    const { id } = uploads.add(one("a.txt"));
    await settle();
    last().answers(status, body);
    await clock.move(3_600_000);
    expect(shown()).toEqual([`a.txt ${expected}`]);
    uploads.retry(id);
    await settle();
    expect(requests(), "only what may change is tried again").toHaveLength(expected.startsWith("failed") ? 2 : 1);
  });

  test("cancelling stops the request, and nothing comes of it", async () => {
    const { uploads, clock, shown, removed } = begin();
    const { id } = uploads.add(one("a.txt"));
    await settle();
    uploads.cancel(id);
    expect(last().isAborted).toBe(true);
    await clock.move(60_000);
    expect(shown()).toEqual([]);
    expect(requests()).toHaveLength(1);
    expect(removed).toEqual([]);
  });

  test("cancelling one that had arrived takes it back; one that a message took stays", async () => {
    const { uploads, removed } = begin();
    const ids = [uploads.add(one("a.txt")).id, uploads.add(one("b.txt")).id];
    await settle();
    requests().forEach((request, n) => request.takes(file(`fil_${n}`)));
    await settle();
    uploads.cancel(ids[0]!);
    uploads.done(ids[1]!);
    expect(removed).toEqual(["fil_0"]);
    expect(uploads.list()).toEqual([]);
  });
});

describe("the verdict", () => {
  test("is asked for until it is there", async () => {
    const { uploads, clock, states, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().takes((states["fil_1"] = file("fil_1", { name: "a.txt", state: "checking" })));
    await clock.move(5_000);
    expect(shown()).toEqual(["a.txt checking"]);
    states["fil_1"] = file("fil_1", { name: "a.txt", state: "refused", reason: "infected" });
    await clock.move(60_000);
    expect(shown()).toEqual(["a.txt refused infected"]);
    expect(clock.pending(), "nobody asks any more").toBe(0);
  });

  test("comes with an event, too", async () => {
    const { uploads, clock, states, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().takes((states["fil_1"] = file("fil_1", { name: "a.txt", state: "checking" })));
    await settle();
    uploads.heard(file("fil_1", { name: "a.txt" }));
    expect(shown()).toEqual(["a.txt ready"]);
    expect(clock.pending(), "nobody asks any more").toBe(0);
  });

  test("a file the server has lost goes up again", async () => {
    const { uploads, clock, shown } = begin();
    uploads.add(one("a.txt"));
    await settle();
    last().takes(file("fil_1", { name: "a.txt", state: "checking" }));
    await clock.move(2_000);
    expect(requests()).toHaveLength(2);
    last().takes(file("fil_2", { name: "a.txt" }));
    await settle();
    expect(shown()).toEqual(["a.txt ready"]);
  });
});

describe("a reload", () => {
  const attached = (upload: Upload) => attachedOf(upload);
  const stores = [
    ["IndexedDB", () => indexedDbUploads("files", new IDBFactory())],
    ["memory", () => memoryUploads()],
  ] as const;

  test.each(stores)("in the middle of an upload begins it again with the same bytes (%s)", async (_, make) => {
    const store = make();
    const before = begin({ store });
    const upload = before.uploads.add(one("a.txt", { width: 4, height: 3 }));
    await vi.waitFor(async () => expect(await store.all()).toHaveLength(1));
    before.uploads.close();
    FakeRequest.all = [];
    const after = begin({ store });
    await after.uploads.adopt([attached(upload)]);
    await settle();
    expect(await (last().body!.get("file") as globalThis.File).text()).toBe("words");
    expect(after.uploads.get(upload.id)).toMatchObject({ name: "a.txt", width: 4, height: 3, state: "uploading" });
    after.uploads.done(upload.id);
    await vi.waitFor(async () => expect(await store.all()).toEqual([]));
  });

  test("leaves alone what another tab is sending", async () => {
    const store = memoryUploads();
    const held = new Set<string>();
    const claim = async (id: string) => (held.has(id) ? null : (held.add(id), () => void held.delete(id)));
    const mine = begin({ store, claim });
    const upload = mine.uploads.add(one("a.txt"));
    await settle();
    const other = begin({ store, claim });
    await other.uploads.adopt([attached(upload)]);
    expect(other.uploads.list()).toEqual([]);
    mine.uploads.close();
    await other.uploads.adopt([attached(upload)]);
    expect(other.shown()).toEqual(["a.txt uploading"]);
  });

  test("says of a file whose bytes were not kept that it must be chosen again", async () => {
    const store = memoryUploads();
    const before = begin({ store });
    const small = before.uploads.add(one("a.txt"));
    const big = before.uploads.add({ ...one("b.txt"), bytes: new Blob([new Uint8Array(KEPT_BYTES + 1)]) });
    await settle();
    before.uploads.close();
    const after = begin({ store });
    await after.uploads.adopt([attached(small), attached(big), { upload: "never", name: "c.txt", size: 1, width: null, height: null, file_id: null }]);
    expect(after.shown().sort()).toEqual(["a.txt uploading", "b.txt failed bytes_lost", "c.txt failed bytes_lost"]);
  });

  test("brings back what was about to be sent, and clears what is too old", async () => {
    const store = memoryUploads();
    const record = (id: string, age: number) => ({ id, name: `${id}.txt`, size: 5, conversation_id: null, width: null, height: null, file: null, bytes: bytes(), created_at: new Date(1_700_000_000_000 - age).toISOString() });
    for (const kept of [record("new", 1_000), record("old", KEPT_MS + 1), record("queued", 0)]) await store.put(kept);
    const { uploads, shown } = begin({ store });
    const queued = { upload: "queued", name: "queued.txt", size: 5, width: null, height: null, file_id: null };
    expect(await uploads.adoptUnsent([queued])).toEqual(["new"]);
    await settle();
    expect(shown()).toEqual(["new.txt uploading"]);
    expect((await store.all()).map((one) => one.id).sort()).toEqual(["new", "queued"]);
  });

  test("a store that fails keeps nobody from sending", async () => {
    const broken = { all: () => Promise.reject(new Error("no")), put: () => Promise.reject(new Error("no")), remove: () => Promise.reject(new Error("no")) };
    const { uploads, shown } = begin({ store: broken });
    uploads.add(one("a.txt"));
    await settle();
    last().takes(file("fil_1", { name: "a.txt" }));
    await settle();
    expect(shown()).toEqual(["a.txt ready"]);
  });
});
