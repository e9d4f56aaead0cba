/**
 * Builds dist/: loader, panel, frame with its languages, a manifest, and each file compressed
 * beforehand, so that the server compresses nothing while it serves.
 *
 * `manifest.json` maps plain names to hashed ones; the sizes in it are what test/budget checks.
 */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
// a server may be reading dist: what is new is made beside it and takes its place at once
const DIST = join(HERE, "dist.new");
const ASSETS = join(DIST, "assets");
const ROUTE = "/widget/assets/";

const common = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  write: false,
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
};

rmSync(DIST, { recursive: true, force: true });
mkdirSync(ASSETS, { recursive: true });

// Not imported by the chunk it belongs to: a bundler would put it into the sheet that everybody pays for.
const filesCss = textOf(await build({ ...common, entryPoints: ["frame/files/style.css"] }));
const filesCssFile = hashed("files", filesCss, "css");
writeFileSync(join(ASSETS, filesCssFile), filesCss);

const frame = await build({
  ...common,
  entryPoints: { frame: "frame/main.tsx" },
  outdir: ASSETS,
  format: "esm",
  splitting: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { ...common.define, FILES_CSS: JSON.stringify(`${ROUTE}${filesCssFile}`), "CHUNKS.files": '"__files__"', "CHUNKS.lightbox": '"__lightbox__"' },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
});
const frameFiles = frame.outputFiles.map((file) => basename(file.path));
const frameJs = outputOf("frame", "js");
const needed = staticImports(frame, frameJs);
// The names a chunk is made of, for its loader to fetch; they are in the text already, so no hash changes its meaning.
const filesOfChunk = (name) => staticImports(frame, outputOf(name, "js")).filter((one) => !needed.includes(one));
for (const file of frame.outputFiles) writeFileSync(file.path, file.text.replace(/"__(files|lightbox)__"/g, (_, name) => JSON.stringify(filesOfChunk(name))));

const panelText = textOf(await build({ ...common, entryPoints: ["loader/panel.ts"], format: "esm" }));
const panelFile = hashed("panel", panelText);
writeFileSync(join(ASSETS, panelFile), panelText);
// For a loader that a browser kept from before the last release.
writeFileSync(join(ASSETS, "panel.js"), panelText);

const loaderText = textOf(
  await build({
    ...common,
    entryPoints: ["loader/main.ts"],
    format: "iife",
    define: { ...common.define, PANEL_FILE: JSON.stringify(panelFile) },
  }),
);
const loaderFile = hashed("loader", loaderText);
writeFileSync(join(DIST, "loader.js"), loaderText);
writeFileSync(join(DIST, loaderFile), loaderText);

const frameCss = outputOf("frame", "css");
writeFileSync(join(DIST, "frame.html"), framePage(frameJs, frameCss));

const files = {};
for (const path of ["loader.js", loaderFile, "frame.html", ...readdirSync(ASSETS).sort().map((name) => `assets/${name}`)]) {
  files[path] = compress(join(DIST, path));
}
const first = files["loader.js"].brotli;
const opened = [`assets/${panelFile}`, "frame.html", `assets/${frameCss}`, ...needed.map((name) => `assets/${name}`)];
const manifest = {
  files: {
    loader: loaderFile,
    panel: `assets/${panelFile}`,
    frame_js: `assets/${frameJs}`,
    frame_css: `assets/${frameCss}`,
    frame_html: "frame.html",
  },
  budget: { loader_brotli: first, usable_brotli: first + opened.reduce((sum, path) => sum + files[path].brotli, 0) },
  sizes: files,
};
writeFileSync(join(DIST, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const [PLACE, OLD] = [join(HERE, "dist"), join(HERE, "dist.old")];
rmSync(OLD, { recursive: true, force: true });
if (existsSync(PLACE)) renameSync(PLACE, OLD);
renameSync(DIST, PLACE);
rmSync(OLD, { recursive: true, force: true });

console.table(files);
console.log(`before intent: ${kB(first)} kB brotli (must be <= 6)`);
console.log(`until usable:  ${kB(manifest.budget.usable_brotli)} kB brotli (must be <= 40)`);

function textOf(result) {
  return result.outputFiles[0].text;
}

function outputOf(name, ending) {
  return frameFiles.find((file) => file.startsWith(`${name}-`) && file.endsWith(`.${ending}`));
}

function hashed(name, text, ending = "js") {
  return `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 10)}.${ending}`;
}

function compress(path) {
  const raw = readFileSync(path);
  const brotli = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } });
  const gzip = gzipSync(raw, { level: 9 });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzip);
  return { raw: raw.length, gzip: gzip.length, brotli: brotli.length };
}

/** The entry and the chunks it cannot start without; languages come later and are not among them. */
function staticImports(result, entry) {
  // Without a metafile the text says it: static imports of chunks stand at the top.
  const text = result.outputFiles.find((file) => basename(file.path) === entry).text;
  return [entry, ...[...text.matchAll(/(?:^|;)import(?:[^"'();]*?from)?"\.\/([^"]+)"/g)].map((match) => match[1])];
}

function framePage(js, css) {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    "<title>Chat</title>",
    `<link rel="stylesheet" href="${ROUTE}${css}">`,
    `<script type="module" src="${ROUTE}${js}"></script>`,
    "</head>",
    '<body><div id="root"></div></body>',
    "</html>",
    "",
  ].join("\n");
}

function kB(bytes) {
  return (bytes / 1000).toFixed(2);
}
