import { describe, expect, it } from "vitest";
import { format, parse, type Route } from "../router.ts";
import type { Part } from "./address.ts";

const parts: Part[] = [
  { at: "overview" },
  { at: "connect" },
  { at: "number", id: "wan_1", tab: "settings" },
  { at: "number", id: "wan_1", tab: "doctor" },
  { at: "templates", status: "", q: "" },
  { at: "templates", status: "REJECTED", q: "order & co" },
  { at: "template", id: "wtp_1" },
  { at: "new_template" },
  { at: "arrived", state: "all", number: null },
  { at: "arrived", state: "failed", number: "wan_1" },
];

describe("addresses of WhatsApp's settings", () => {
  it.each(parts)("come back as they went: $at", (part) => {
    const route: Route = { page: "whatsapp", part };
    expect(parse(format(route))).toEqual(route);
  });

  it("leads nowhere when nonsense is said", () => {
    for (const path of ["lost", "connect/x", "numbers", "numbers/wan_1/lost", "templates/a/b", "numbers/wan_1/doctor/x"])
      expect(parse(`#/settings/whatsapp/${path}`).page, path).toBe("missing");
  });

  it("shows everything that arrived when the state is nonsense", () => {
    expect(parse("#/settings/whatsapp/arrived?state=lost")).toEqual({ page: "whatsapp", part: { at: "arrived", state: "all", number: null } });
  });
});
