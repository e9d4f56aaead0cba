/** What both apps build alike: aliases, targets, and no inlining (the server's policy refuses inline code and data: fonts). */
import { fileURLToPath } from "node:url";
import type { ProxyOptions, UserConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export function app(name: "dashboard" | "admin", base: string): UserConfig {
  return {
    root: here(`./${name}`),
    base,
    publicDir: here("./ui/public"),
    resolve: { alias: { wire: here("../../widget-js/wire/index.ts"), ui: here("./ui/index.ts"), session: here("./session/index.ts") } },
    css: { modules: { generateScopedName: "[name]_[local]_[hash:base64:4]" } },
    server: {
      fs: { allow: [here("."), here("../../widget-js")] },
      proxy: proxies(name),
    },
    build: {
      outDir: here(`./dist/${name}`),
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        // Libraries say "use client" for frameworks that render on a server; here it means nothing.
        onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
      },
      chunkSizeWarningLimit: 900,
    },
  };
}

/** In development the pages come from Vite and everything else from a running server. */
function proxies(name: "dashboard" | "admin"): Record<string, ProxyOptions> {
  const target = name === "admin" ? "http://127.0.0.1:8081" : "http://127.0.0.1:8080";
  const api = { target, ws: true };
  return name === "admin" ? { "/operator/v1": api } : { "/v1": api, "/widget": api };
}
