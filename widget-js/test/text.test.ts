import { describe, expect, test } from "vitest";
import { linkify, preview, safeUrl } from "../wire/text";

const links = (text: string) => linkify(text).filter((part) => part.href).map((part) => [part.text, part.href]);

describe("links", () => {
  test.each([
    ["see https://a.test/x?y=1#z.", "https://a.test/x?y=1#z"],
    ["(https://a.test/w_(x))", "https://a.test/w_(x)"],
    ["http://a.test, please", "http://a.test/"],
    ["www.example.com/a!", "https://www.example.com/a"],
    ["write to ada@example.com.", "mailto:ada@example.com"],
    ["mailto:ada@example.com", "mailto:ada@example.com"],
    ["HTTPS://A.TEST", "https://a.test/"],
    ["مرحبا https://a.test/ب", "https://a.test/%D8%A8"],
    ["https://bücher.example", "https://xn--bcher-kva.example/"],
  ])("%s", (text, href) => expect(links(text).map(([, found]) => found)).toEqual([href]));

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.test",
    "blob:https://a.test/x",
    "xhttps://a.test",
    "https://",
    "https://user:pass@evil.test/",
    "https://bank.example@evil.test/",
    "//a.test",
    "a.test",
  ])("not: %s", (text) => expect(links(text).filter(([, href]) => !href!.startsWith("mailto:"))).toEqual([]));

  test("markup around and inside an address stays text", () => {
    for (const text of ['<a href="https://a.test" onclick="x()">', "https://a.test/\"onmouseover=alert(1)", "<img src=x onerror=alert(1)>"]) {
      const parts = linkify(text);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      for (const part of parts) expect(part.href ?? "").not.toMatch(/["'<>\s]/);
    }
  });

  test("direction overrides and zero-width characters end an address", () => {
    expect(links("https://a.test/\u202Egnp.exe")).toEqual([["https://a.test/", "https://a.test/"]]);
    expect(links("https://a.test\u200B.evil.test")).toEqual([["https://a.test", "https://a.test/"]]);
  });

  test("a very long text is read in reasonable time", () => {
    const started = performance.now();
    linkify("a@".repeat(5_000));
    linkify("https://".repeat(1_250));
    linkify(".".repeat(10_000) + "@");
    linkify("a.".repeat(5_000));
    linkify("https://a.test/" + ")".repeat(9_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test("parts always join to the text, and every href is one we allow", () => {
  const bits = ["https://", "www.", "a.test", "/p(", ")", "@", "mailto:", " ", "\n", "<", '"', "javascript:", "é", "😀", "\u202E", ".", "%00", "\\", "user:pw@", "#", "?"];
  let seed = 7;
  const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  for (let i = 0; i < 5_000; i++) {
    const text = Array.from({ length: next(12) }, () => bits[next(bits.length)]).join("");
    const parts = linkify(text);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    for (const { href } of parts) {
      if (href !== undefined) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
      if (href?.startsWith("http")) expect(new URL(href).username).toBe("");
    }
  }
});

test("a bare address may be opened only over the web or by mail", () => {
  expect(safeUrl("https://a.test/x")).toBe("https://a.test/x");
  expect(safeUrl(" javascript:alert(1)")).toBeNull();
  expect(safeUrl("nonsense")).toBeNull();
});

test("a preview is one line, and of a message without words the names of its files", () => {
  expect(preview("a\nb\tc")).toBe("a b c");
  expect(preview("", [{ name: "one.png" }, { name: "two.pdf" }])).toBe("one.png, two.pdf");
  expect(preview("words", [{ name: "one.png" }])).toBe("words");
});
