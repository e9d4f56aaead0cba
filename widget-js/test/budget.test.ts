import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  files: Record<string, string>;
  budget: { loader_brotli: number; usable_brotli: number };
  sizes: Record<string, { raw: number; gzip: number; brotli: number }>;
}

let manifest: Manifest;

beforeAll(() => {
  execFileSync(process.execPath, ["build.mjs"], { cwd: root, stdio: "ignore" });
  manifest = JSON.parse(readFileSync(`${root}dist/manifest.json`, "utf8")) as Manifest;
}, 60_000);

describe("what a page pays", () => {
  test("before its visitor shows interest: at most 6 kB", () => expect(manifest.budget.loader_brotli).toBeLessThanOrEqual(6_000));
  test("until the panel is usable: at most 40 kB", () => expect(manifest.budget.usable_brotli).toBeLessThanOrEqual(40_000));
});

describe("what only those pay who use it", () => {
  test("files, and the large view of pictures, are chunks of their own", () => {
    const opened = readFileSync(`${root}dist/${manifest.files["frame_js"]}`, "utf8");
    for (const words of ["Refused", "lightbox", "FormData"]) expect(opened).not.toContain(`"${words}`);
    const size = (chunk: RegExp) => Object.entries(manifest.sizes).filter(([name]) => chunk.test(name)).reduce((sum, [, one]) => sum + one.brotli, 0);
    expect(size(/assets\/files-/)).toBeLessThanOrEqual(12_000);
    expect(size(/assets\/lightbox-/)).toBeLessThanOrEqual(3_000);
  });
});

describe("what the files may not hold", () => {
  const read = (name: string) => readFileSync(`${root}dist/${name}`, "utf8");

  test("the loader keeps nothing, opens no socket, parses no markup and addresses no message to everybody", () => {
    const text = read("loader.js") + read(manifest.files["panel"]!);
    for (const word of ["localStorage", "sessionStorage", "document.cookie", "indexedDB", "WebSocket", "innerHTML", "eval(", "document.write", "onmessage=window", '"*"']) {
      expect(text, word).not.toContain(word);
    }
  });

  test("the frame never parses markup either, and the page has nothing inline", () => {
    expect(read(manifest.files["frame_js"]!)).not.toMatch(/\beval\(|document\.write/);
    const page = read("frame.html");
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=/);
    expect(page).toContain(manifest.files["frame_js"]!);
    expect(page).toContain(manifest.files["frame_css"]!);
  });

  test("chunks that come later know their own files, and each is there", () => {
    const all = Object.keys(manifest.sizes).filter((name) => name.endsWith(".js")).map(read).join("\n");
    expect(all).not.toMatch(/"__(files|lightbox)__"/);
    for (const chunk of ["files", "lightbox"]) {
      const [, list] = all.match(new RegExp(`(\\["${chunk}-[^\\]]*\\])`)) ?? [];
      const names = JSON.parse(list ?? "[]") as string[];
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(manifest.sizes[`assets/${name}`], name).toBeDefined();
    }
  });

  test("the lock file names no registry", () => expect(readFileSync(`${root}package-lock.json`, "utf8")).not.toContain('"resolved"'));
});
