/** Builds both apps, writes .br and .gz beside every text file, and prints what a browser will download. */
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const text = /\.(html|js|css|svg|json|txt|webmanifest)$/;

async function* files(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

async function compress(path) {
  const raw = await readFile(path);
  const brotli = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(raw, { level: 9 });
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzip)]);
  return { raw: raw.length, brotli: brotli.length, gzip: gzip.length };
}

function refuseInline(html, path) {
  if (/<script(?![^>]*\bsrc=)[^>]*>/i.test(html) || /<style/i.test(html) || /\sstyle=/i.test(html))
    throw new Error(`${path} holds inline code or style, which the content security policy refuses`);
}

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

// a server may be reading dist: what is new is made beside it and takes its place at once
const NEW = join(root, "dist.new");
await rm(NEW, { recursive: true, force: true });
for (const app of ["dashboard", "admin"]) {
  const outDir = join(NEW, app);
  await build({ configFile: join(root, app, "vite.config.ts"), logLevel: "warn", build: { outDir } });
  const total = { raw: 0, brotli: 0, gzip: 0 };
  console.log(`\n${app}`.padEnd(52) + "       raw      gzip    brotli");
  for await (const path of files(outDir)) {
    const name = relative(NEW, path);
    if (name.endsWith("index.html")) refuseInline(await readFile(path, "utf8"), name);
    if (!text.test(path)) {
      console.log(name.padEnd(50), kb((await stat(path)).size));
      continue;
    }
    const size = await compress(path);
    for (const key of Object.keys(total)) total[key] += size[key];
    console.log(name.padEnd(50), kb(size.raw), kb(size.gzip), kb(size.brotli));
  }
  console.log("text in total".padEnd(50), kb(total.raw), kb(total.gzip), kb(total.brotli));
}
const old = join(root, "dist.old");
await rm(old, { recursive: true, force: true });
await rename(join(root, "dist"), old).catch(() => undefined);
await rename(NEW, join(root, "dist"));
await rm(old, { recursive: true, force: true });
