import { describe, expect, test } from "vitest";
import { acceptOf } from "../wire/file_accept";
import { checkFiles, endingOf, kindOf } from "../wire/file_rules";
import { cutMiddle, shownName, sizeText } from "../wire/file_text";
import { createLinks, type LinkAsk } from "../wire/links";
import { Problem } from "../wire/rest";
import { fakeClock, settle } from "./fake_clock";

const rules = { enabled: true, most: 2, max_bytes: 1000, types: ["jpg", "jpeg", "png", "pdf"] };
const chosen = (name: string, size = 10) => ({ name, size });

describe("rules", () => {
  test("type, size and number are judged in this order, each with its limit", () => {
    const { fine, refused } = checkFiles(rules, [chosen("a.PNG"), chosen("b.exe", 9999), chosen("c.pdf", 1001), chosen("d.pdf", 0), chosen("e.pdf", 1000), chosen("f.jpg")]);
    expect(fine.map((one) => one.name)).toEqual(["a.PNG", "e.pdf"]);
    expect(refused).toEqual([
      { code: "file_type_refused", name: "b.exe", types: rules.types },
      { code: "file_too_large", name: "c.pdf", max_bytes: 1000 },
      { code: "file_empty", name: "d.pdf" },
      { code: "too_many_files", name: "f.jpg", most: 2 },
    ]);
  });

  test("what is attached already counts", () => expect(checkFiles(rules, [chosen("a.png")], 2).refused).toMatchObject([{ code: "too_many_files" }]));

  test("nothing may be attached where files are off", () => expect(checkFiles({ ...rules, enabled: false }, [chosen("a.png")]).refused).toMatchObject([{ code: "files_off" }]));

  test.each([["a.tar.GZ", "gz"], ["noending", ""], [".png", ""], ["a.", ""], ["x.png.exe", "exe"]])("the ending of %s is %j", (name, ending) => expect(endingOf(name)).toBe(ending));

  test("kinds by name", () => expect(["a.jpg", "b.mp4", "c.m4a", "d.pdf", "e"].map(kindOf)).toEqual(["image", "video", "audio", "document", "document"]));

  test("a picker is told endings, and pictures by media type once, so that a phone offers its camera", () => {
    expect(acceptOf(rules)).toBe(".jpg,.jpeg,.png,.pdf,image/jpeg,image/png");
  });
});

describe("names and sizes", () => {
  test("a name that turns its direction is shown as it is", () => expect(shownName("inno\u202Egpj.exe\u0000\u200B")).toBe("innogpj.exe"));
  test("a long name loses its middle, never its ending", () => {
    expect(cutMiddle("short.pdf")).toBe("short.pdf");
    const cut = cutMiddle("Offer for the harbour lamp, second version, final.pdf", 24);
    expect(cut).toBe("Offer for t…n, final.pdf");
    expect(Array.from(cutMiddle("😀".repeat(80)))).toHaveLength(32);
  });
  test.each([[0, "0 byte"], [1023, "1,023 byte"], [1024, "1 kB"], [1_300_000, "1.2 MB"], [10_485_760, "10 MB"]])("%i bytes is %s", (bytes, text) => expect(sizeText(bytes, "en-GB")).toMatch(new RegExp(`^${text}`)));
  test("in the reader's way of writing", () => expect(sizeText(1_300_000, "de")).toBe("1,2 MB"));
});

describe("links", () => {
  function server(clock = fakeClock()) {
    const asked: LinkAsk[][] = [];
    let fault: Error | null = null;
    const hidden = new Set<string>();
    const links = createLinks({
      clock,
      async fetch(items) {
        asked.push(items);
        if (fault) throw fault;
        const seen = items.filter((item) => !hidden.has(item.id));
        return { items: seen.map((item) => ({ ...item, url: `/f/${item.id}/${item.variant}/${asked.length}`, expires_at: new Date(clock.now() + 300_000).toISOString() })) };
      },
    });
    return { clock, links, asked, hidden, break: (error: Error | null) => void (fault = error) };
  }

  test("what is wanted together is asked for together, and once", async () => {
    const { clock, links, asked } = server();
    const urls = Promise.all([links.want("a", "small"), links.want("b", "small"), links.want("a", "small"), links.want("a", "full")]);
    await clock.move(20);
    expect(await urls).toEqual(["/f/a/small/1", "/f/b/small/1", "/f/a/small/1", "/f/a/full/1"]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toHaveLength(3);
    expect(await links.want("a", "small")).toBe("/f/a/small/1");
    expect(asked).toHaveLength(1);
  });

  test("at most fifty in one request", async () => {
    const { clock, links, asked } = server();
    for (let n = 0; n < 120; n++) void links.want(`f${n}`, "full");
    await clock.move(20);
    expect(asked.map((items) => items.length)).toEqual([50, 50, 20]);
  });

  test("are asked for anew shortly before they end", async () => {
    const { clock, links } = server();
    void links.want("a", "full");
    await clock.move(20);
    await clock.move(269_000);
    expect(links.known("a", "full")).toBe("/f/a/full/1");
    await clock.move(2_000);
    expect(links.known("a", "full")).toBeNull();
    const next = links.want("a", "full");
    await clock.move(20);
    expect(await next).toBe("/f/a/full/2");
  });

  test("one that was refused is not given again", async () => {
    const { clock, links } = server();
    void links.want("a", "full");
    await clock.move(20);
    links.refused("a", "full");
    expect(links.known("a", "full")).toBeNull();
  });

  test("what is left out of the answer may not be had; a dead network is not the same", async () => {
    const { clock, links, hidden, ...it } = server();
    hidden.add("a");
    const none = links.want("a", "full");
    await clock.move(20);
    expect(await none).toBeNull();
    it.break(new Problem(0, {}));
    const failed = links.want("b", "full").catch((error: Problem) => error.code);
    await clock.move(20);
    expect(await failed).toBe("network");
    it.break(null);
    const again = links.want("b", "full");
    await clock.move(20);
    expect(await again).toBe("/f/b/full/3");
    await settle();
  });
});
