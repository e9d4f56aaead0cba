import { describe, expect, it } from "vitest";
import { format, parse, type Route } from "./router.ts";

const routes: Route[] = [
  { page: "tenants", q: "", status: "all" },
  { page: "tenants", q: "lamp & co", status: "suspended" },
  { page: "tenant", id: "ten_1" },
  { page: "audit" },
  { page: "system" },
  { page: "whatsapp" },
  { page: "account" },
];

describe("addresses of the console", () => {
  it.each(routes)("come back as they went: $page", (route) => expect(parse(format(route))).toEqual(route));

  it("begins with the tenants, and knows nonsense", () => {
    expect(parse("")).toEqual({ page: "tenants", q: "", status: "all" });
    expect(parse("#/tenants?status=lost")).toEqual({ page: "tenants", q: "", status: "all" });
    expect(parse("#/nonsense").page).toBe("missing");
  });
});
