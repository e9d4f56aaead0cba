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
  talk: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.5 1.3 4.6 3.4 6l-.7 3.3 3.7-1.9c.8.2 1.7.3 2.6.3 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z",
} as const;

export interface IconProps {
  size?: number;
  width?: number;
}

export function Icon({ name, ...how }: IconProps & { name: keyof typeof PATHS }) {
  return <Drawn name={name} path={PATHS[name]} {...how} />;
}

export function Drawn({ name, path, size = 20, width = 2 }: IconProps & { name: string; path: string }) {
  return (
    <svg class={`icon i-${name}`} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
