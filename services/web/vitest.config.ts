import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { wire: here("../../widget-js/wire/index.ts"), ui: here("./ui/index.ts"), session: here("./session/index.ts") } },
  test: { include: ["{ui,session,dashboard,admin}/**/*.test.ts"], environment: "node" },
});
