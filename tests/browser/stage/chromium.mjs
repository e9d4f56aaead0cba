/** Chromium, told that every host name is the stage's network. */

import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");

export function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error("Chromium is missing: apt-get install chromium");
}

/**
 * Said last, so it stands in place of the driver's own list, which switches the partitioning of storage by site off:
 * with it off, a frame of another site has no storage at all, which is no browser that anybody uses.
 */
const WITHOUT = "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,PaintHolding,LensOverlay,AimEnabled,AutofillServerCommunication,NetworkTimeServiceQuerying,LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights";

const options = (network) => ({
  executablePath: executable(),
  args: [...QUIET, WITHOUT, `--host-resolver-rules=MAP *:80 127.0.0.1:${network.plain}, MAP * 127.0.0.1:${network.tls}`, `--ignore-certificate-errors-spki-list=${network.spki}`],
});

/** One browser; each test takes contexts of its own, which share nothing. */
export const launch = (network) => chromium.launch(options(network));

/** A browser whose profile stays in a folder, for tests of what survives its death. */
export const launchKept = (network, folder) => chromium.launchPersistentContext(folder, options(network));
