import { describe, expect, it } from "vitest";
import { everything, format, parse, type Route } from "./router.ts";

const routes: Route[] = [
  { page: "inbox", conversation: null, filter: everything },
  { page: "inbox", conversation: "cnv_1", filter: { view: "mine", status: "all", assignee: "agt_2", sort: "oldest", source: "whatsapp" } },
  { page: "widgets" },
  { page: "widget", id: "wgt_1", tab: "look" },
  { page: "widget", id: "wgt_1", tab: "domains" },
  { page: "team" },
  { page: "account" },
  { page: "settings", tab: "team" },
  { page: "settings", tab: "files" },
  { page: "accept", token: "a/b c" },
];

describe("addresses", () => {
  it.each(routes)("come back as they went: $page", (route) => {
    expect(parse(format(route))).toEqual(route);
  });

  it("says only what differs from the usual", () => {
    expect(format({ page: "inbox", conversation: null, filter: everything })).toBe("#/inbox");
    expect(format({ page: "inbox", conversation: null, filter: { ...everything, view: "mine" } })).toBe("#/inbox?view=mine");
  });

  it("opens the inbox when nothing is said, and nothing when nonsense is said", () => {
    expect(parse("")).toEqual({ page: "inbox", conversation: null, filter: everything });
    expect(parse("#/nonsense").page).toBe("missing");
    expect(parse("#/team/agt_1").page).toBe("missing");
    expect(parse("#/accept").page).toBe("missing");
    expect(parse("#/inbox/a/b/c/d").page).toBe("missing");
  });

  it("falls back to the usual for filters nobody knows", () => {
    expect(parse("#/inbox?view=secret&status=lost&sort=random&source=fax")).toEqual({ page: "inbox", conversation: null, filter: everything });
  });

  it("survives broken percent signs", () => {
    expect(parse("#/widgets/%E0%A4%A")).toEqual({ page: "widget", id: "%E0%A4%A", tab: "look" });
  });
});
