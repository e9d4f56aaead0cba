/** What the viewer's gestures mean. Pure: sizes and distances in, a view out. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export const whole: View = { zoom: 1, x: 0, y: 0 };
export const MOST_ZOOM = 6;
const STEP = 1.5;

export const zoomIn = (view: View): View => zoomTo(view, view.zoom * STEP);
export const zoomOut = (view: View): View => zoomTo(view, view.zoom / STEP);

/** The point under the pointer stays under it; `at` is measured from the middle. */
export function zoomTo(view: View, wanted: number, at: { x: number; y: number } = { x: 0, y: 0 }): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, wanted));
  // Close to whole is whole: nobody wants 1.02.
  if (zoom < 1.05) return whole;
  const grown = zoom / view.zoom;
  return { zoom, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
}

/** A picture cannot be pushed out of sight: its middle stays within what it overhangs. */
export function moved(view: View, by: { x: number; y: number }, room: { width: number; height: number }): View {
  if (view.zoom === 1) return whole;
  const edge = { x: (room.width * (view.zoom - 1)) / 2, y: (room.height * (view.zoom - 1)) / 2 };
  return { zoom: view.zoom, x: within(view.x + by.x, edge.x), y: within(view.y + by.y, edge.y) };
}

const within = (value: number, edge: number) => Math.min(edge, Math.max(-edge, value));

export type Swipe = "next" | "previous" | "close" | null;

/** Far enough, or quick enough; more sideways than down, or the other way round. */
export function swipe(by: { x: number; y: number }, ms: number): Swipe {
  const [far, tall] = [Math.abs(by.x), Math.abs(by.y)];
  const quick = (distance: number) => distance > 90 || (distance > 30 && distance / Math.max(1, ms) > 0.4);
  if (far > tall * 1.3 && quick(far)) return by.x < 0 ? "next" : "previous";
  return by.y > 0 && tall > far * 1.3 && quick(tall) ? "close" : null;
}

/** The neighbour, or the same one at the ends. */
export const stepTo = (at: number, by: number, of: number): number => Math.min(of - 1, Math.max(0, at + by));
