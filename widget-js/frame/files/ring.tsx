/** How far an upload is, as a ring; without a share it turns. */

export function Ring({ share, size = 34 }: { share: number | null; size?: number }) {
  return (
    <svg class={`ring ${share === null ? "turns" : ""}`} viewBox="0 0 36 36" width={size} height={size} aria-hidden="true">
      <circle cx="18" cy="18" r="15" pathLength={100} />
      <circle class="part" cx="18" cy="18" r="15" pathLength={100} stroke-dasharray={`${share === null ? 25 : Math.max(2, Math.round(share * 100))} 100`} />
    </svg>
  );
}
