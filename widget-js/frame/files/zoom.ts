/** Zoom and movement of one picture: buttons, wheel, two fingers, double tap; a swipe leafs, a pull downwards closes. */

import { useEffect, useRef, useState } from "preact/hooks";

export const MOST_ZOOM = 5;
const TAP_ZOOM = 2.5;
const SWIPE_PX = 48;

interface View {
  scale: number;
  x: number;
  y: number;
}

const WHOLE: View = { scale: 1, x: 0, y: 0 };

export interface ZoomOptions {
  /** Another picture begins whole. */
  key: string;
  /** 1: what comes from the right. */
  onSwipe(by: number): void;
  onAway(): void;
}

export function useZoom(options: ZoomOptions) {
  const [view, setView] = useState(WHOLE);
  const canvas = useRef<HTMLDivElement>(null);
  const now = useRef({ view, options });
  now.current = { view, options };
  const by = (factor: number) => setView((old) => zoomed(old, factor));

  useEffect(() => setView(WHOLE), [options.key]);
  useEffect(() => {
    const box = canvas.current!;
    const hands = fingers(() => now.current, setView);
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      by(Math.exp(-event.deltaY / 400));
    };
    const double = () => setView((old) => (old.scale > 1 ? WHOLE : { ...WHOLE, scale: TAP_ZOOM }));
    // Not passive: the page behind must not scroll.
    box.addEventListener("wheel", wheel, { passive: false });
    box.addEventListener("dblclick", double);
    for (const type of POINTERS) box.addEventListener(type, hands);
    return () => {
      box.removeEventListener("wheel", wheel);
      box.removeEventListener("dblclick", double);
      for (const type of POINTERS) box.removeEventListener(type, hands);
    };
  }, []);

  const style = { transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` };
  return { canvas, style, scale: view.scale, by, reset: () => setView(WHOLE) };
}

const POINTERS = ["pointerdown", "pointermove", "pointerup", "pointercancel"] as const;

interface Point {
  x: number;
  y: number;
}

function fingers(now: () => { view: View; options: ZoomOptions }, set: (view: View) => void) {
  const down = new Map<number, Point>();
  let begun: { view: View; at: Point; apart: number } | null = null;
  const begin = () => (begun = down.size ? { view: now().view, at: middle(down), apart: apart(down) } : null);

  function moved() {
    const { view, at, apart: before } = begun!;
    const here = middle(down);
    const scale = down.size > 1 && before ? clamp((view.scale * apart(down)) / before) : view.scale;
    if (scale > 1) set({ scale, x: view.x + here.x - at.x, y: view.y + here.y - at.y });
    else if (view.scale > 1) set(WHOLE);
  }

  function swiped(end: Point) {
    const { view, at } = begun!;
    const [x, y] = [end.x - at.x, end.y - at.y];
    if (view.scale > 1 || now().view.scale > 1 || Math.max(Math.abs(x), Math.abs(y)) < SWIPE_PX) return;
    if (Math.abs(x) > Math.abs(y)) now().options.onSwipe(x < 0 ? 1 : -1);
    else if (y > 0) now().options.onAway();
  }

  return (event: PointerEvent) => {
    const point = { x: event.clientX, y: event.clientY };
    if (event.type === "pointerdown") {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      down.set(event.pointerId, point);
      return begin();
    }
    if (!down.has(event.pointerId)) return;
    if (event.type === "pointermove") {
      down.set(event.pointerId, point);
      return moved();
    }
    if (event.type === "pointerup" && down.size === 1) swiped(point);
    down.delete(event.pointerId);
    begin();
  };
}

function zoomed(old: View, factor: number): View {
  const scale = clamp(old.scale * factor);
  const share = scale / old.scale;
  return scale <= 1 ? WHOLE : { scale, x: old.x * share, y: old.y * share };
}

function clamp(scale: number): number {
  return Math.min(MOST_ZOOM, Math.max(1, scale));
}

function middle(points: Map<number, Point>): Point {
  const all = [...points.values()];
  return { x: all.reduce((sum, one) => sum + one.x, 0) / all.length, y: all.reduce((sum, one) => sum + one.y, 0) / all.length };
}

function apart(points: Map<number, Point>): number {
  const [a, b] = [...points.values()];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
