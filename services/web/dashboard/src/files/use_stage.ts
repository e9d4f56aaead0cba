/** Pointers on the viewer's stage: one swipes or drags, two pinch, a double press goes near and back. */
import { useRef, useState, type PointerEvent } from "react";
import { moved, swipe, whole, zoomTo, type Swipe, type View } from "./lightbox_view.ts";

type Point = { x: number; y: number };

interface Hand {
  points: Map<number, Point>;
  from: Point;
  at: number;
}

export function useStage(view: View, setView: (view: View) => void, swiped: (how: Swipe) => void) {
  const hand = useRef<Hand>({ points: new Map(), from: { x: 0, y: 0 }, at: 0 });
  const [drag, setDrag] = useState<Point | null>(null);

  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { points } = hand.current;
    points.set(event.pointerId, pointOf(event));
    if (points.size === 1) hand.current = { points, from: pointOf(event), at: event.timeStamp };
  };

  const move = (event: PointerEvent<HTMLElement>) => {
    const { points, from } = hand.current;
    const before = points.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    if (points.size === 2) return pinch(event, before, now);
    points.set(event.pointerId, now);
    if (view.zoom > 1) setView(moved(view, minus(now, before), event.currentTarget.getBoundingClientRect()));
    else setDrag(minus(now, from));
  };

  const pinch = (event: PointerEvent<HTMLElement>, before: Point, now: Point) => {
    const { points } = hand.current;
    const other = [...points].find(([id]) => id !== event.pointerId)?.[1] ?? before;
    points.set(event.pointerId, now);
    const grown = distance(now, other) / Math.max(1, distance(before, other));
    setView(zoomTo(view, view.zoom * grown, fromMiddle(event, between(now, other))));
  };

  const up = (event: PointerEvent<HTMLElement>) => {
    const { points, from, at } = hand.current;
    if (!points.delete(event.pointerId)) return;
    setDrag(null);
    if (points.size === 0 && view.zoom === 1) swiped(swipe(minus(pointOf(event), from), event.timeStamp - at));
  };

  const twice = (event: PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>) =>
    setView(view.zoom > 1 ? whole : zoomTo(view, 2.5, fromMiddle(event, pointOf(event))));

  return { drag, handlers: { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up, onDoubleClick: twice } };
}

const pointOf = (event: { clientX: number; clientY: number }): Point => ({ x: event.clientX, y: event.clientY });
const minus = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y });
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function fromMiddle(event: { currentTarget: HTMLElement }, point: Point): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: point.x - box.left - box.width / 2, y: point.y - box.top - box.height / 2 };
}
