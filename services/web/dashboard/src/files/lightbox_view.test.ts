import { describe, expect, it } from "vitest";
import { moved, stepTo, swipe, whole, zoomIn, zoomOut, zoomTo } from "./lightbox_view.ts";

const room = { width: 800, height: 600 };

describe("the viewer", () => {
  it("zooms in steps, back to whole, and not for ever", () => {
    expect(zoomOut(zoomIn(whole))).toEqual(whole);
    let view = whole;
    for (let n = 0; n < 20; n++) view = zoomIn(view);
    expect(view.zoom).toBe(6);
  });

  it("keeps the point under the pointer where it is", () => {
    // A point p of the picture is shown at p * zoom + shift.
    const view = zoomTo(whole, 2, { x: 100, y: -50 });
    expect([100 * view.zoom + view.x, -50 * view.zoom + view.y]).toEqual([100, -50]);
  });

  it("does not let the picture leave", () => {
    const view = zoomTo(whole, 2);
    expect(moved(view, { x: 9999, y: -9999 }, room)).toEqual({ zoom: 2, x: 400, y: -300 });
    expect(moved(whole, { x: 50, y: 0 }, room)).toEqual(whole);
  });

  it("tells a swipe from a tremble", () => {
    expect(swipe({ x: -120, y: 10 }, 400)).toBe("next");
    expect(swipe({ x: 50, y: 4 }, 60)).toBe("previous");
    expect(swipe({ x: 50, y: 4 }, 900)).toBeNull();
    expect(swipe({ x: 5, y: 140 }, 300)).toBe("close");
    expect(swipe({ x: 5, y: -140 }, 300)).toBeNull();
    expect(swipe({ x: 100, y: 100 }, 100)).toBeNull();
  });

  it("stops at the ends", () => {
    expect(stepTo(0, -1, 3)).toBe(0);
    expect(stepTo(1, 1, 3)).toBe(2);
    expect(stepTo(2, 1, 3)).toBe(2);
  });
});
