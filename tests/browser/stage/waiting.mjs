/** Waiting for what has no event of its own. */

const BETWEEN_MS = 50;
const PATIENCE_MS = 15_000;

/** Asks again and again until the answer pleases; gives the answer. */
export async function until(what, ask, pleases = Boolean, patience = PATIENCE_MS) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (performance.now() > end) throw new Error(`${what}: still ${JSON.stringify(answer)} after ${patience / 1000} s`);
    await new Promise((go) => setTimeout(go, BETWEEN_MS));
  }
}

/** How many milliseconds something took. */
export async function taken(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
