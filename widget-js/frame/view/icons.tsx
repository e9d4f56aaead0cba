/** Line icons, drawn: no font, no picture to fetch. */

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  back: "M15 5l-7 7 7 7",
  send: "M5 12h13M12.5 6l6 6-6 6",
  clock: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  both: "M1.5 12.5l4.5 4.5 8.5-9.5M11 15.5l1.5 1.5 8.5-9.5",
  failed: "M12 8v5M12 16.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  down: "M6 10l6 6 6-6",
  bag: "M6 8h12l1 12H5L6 8zM9 8a3 3 0 0 1 6 0",
  list: "M4 6h16M4 12h16M4 18h10",
  plus: "M12 5v14M5 12h14",
  sound: "M4 10v4h4l5 4V6L8 10H4zM16.5 9a4 4 0 0 1 0 6",
  mute: "M4 10v4h4l5 4V6L8 10H4zM17 10l4 4M21 10l-4 4",
  clip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7",
  get: "M12 4v11M7 11l5 5 5-5M5 20h14",
  again: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  page: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  play: "M8 5l11 7-11 7z",
  note: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 9 18zM19 16a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 19 16z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  minus: "M5 12h14",
  next: "M9 5l7 7-7 7",
  talk: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.5 1.3 4.6 3.4 6l-.7 3.3 3.7-1.9c.8.2 1.7.3 2.6.3 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z",
} as const;

export function Icon({ name, size = 20, width = 2 }: { name: keyof typeof PATHS; size?: number; width?: number }) {
  return (
    <svg class={`icon i-${name}`} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
