import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { obey, type Commanded } from "../loader/commands";
import type { ToFrame } from "../wire/port";

const told: ToFrame[] = [];
const widget = { told: new Map(), tell: (message: ToFrame) => void told.push(message) } as unknown as Commanded;

beforeEach(() => vi.stubGlobal("document", { baseURI: "https://shop.example.com/lamps/" }));
afterEach(() => void (vi.unstubAllGlobals(), told.splice(0)));

test("a page's own addresses of a product are made whole, others stay", () => {
  obey(widget, "context", { title: "Lamp", url: "harbour?size=l", image: "/media/lamp.jpg" });
  obey(widget, "context", { title: "Lamp", url: "https://other.example.com/x", image: "" });
  obey(widget, "context", { title: "Lamp", url: "http://[", price: "1 €" });
  obey(widget, "context", null);
  expect(told.map((one) => one.type === "context" && one.context)).toEqual([
    { title: "Lamp", url: "https://shop.example.com/lamps/harbour?size=l", image: "https://shop.example.com/media/lamp.jpg" },
    { title: "Lamp", url: "https://other.example.com/x", image: "" },
    { title: "Lamp", url: "http://[", price: "1 €" },
    null,
  ]);
});
