/** Files judged as they come, as on a real installation: the stage runs its jobs again and again until it ends. */

const BETWEEN_MS = 60;
const judging = new WeakSet();

export function judges(stage) {
  if (judging.has(stage)) return;
  judging.add(stage);
  let isOver = false;
  const { end } = stage;
  stage.end = () => ((isOver = true), end());
  const next = async () => {
    if (isOver) return;
    await stage.jobs();
    setTimeout(() => void next().catch(() => {}), BETWEEN_MS);
  };
  void next().catch(() => {});
}
