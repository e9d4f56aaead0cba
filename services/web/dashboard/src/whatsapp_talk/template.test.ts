import { describe, expect, it } from "vitest";
import { filled, firstValues, inOneLine, keyOf, missingGaps, partsOf, sentValues } from "./template.ts";

const components = [
  { type: "HEADER", format: "TEXT", text: "Order {{order}}" },
  { type: "BODY", text: "Hello {{first_name}}, it leaves *{{day}}*. Bye {{first_name}}!", example: { body_text_named_params: [{ param_name: "day", example: "Friday" }] } },
  { type: "FOOTER", text: "Us" },
  { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop" }, { type: "URL", text: "Track", url: "https://x.example/{{1}}" }, { type: "COPY_CODE", text: "Code" }] },
];
const parts = partsOf({ components });

describe("a template", () => {
  it("has each gap once, in order, with its place and its example", () => {
    expect(parts.gaps.map(keyOf)).toEqual(["header order", "body first_name", "body day", "buttons 1", "buttons 2"]);
    expect(parts.gaps.map((gap) => gap.label)).toEqual(["Heading: Order", "First name", "Day", "End of the link behind “Track”", "Code behind “Code”"]);
    expect(parts.gaps[2]?.example).toBe("Friday");
  });

  it("has examples by place too", () => {
    const numbered = partsOf({ components: [{ type: "BODY", text: "{{2}} for {{1}}", example: { body_text: [["Ann", "Shoes"]] } }] });
    expect(numbered.gaps.map((gap) => [gap.label, gap.example])).toEqual([["Variable 2", "Shoes"], ["Variable 1", "Ann"]]);
  });

  it("shows what is filled and keeps the mark of what is not", () => {
    expect(filled(parts.body, "body", { "body day": "today", "header day": "never" })).toBe("Hello {{first_name}}, it leaves *today*. Bye {{first_name}}!");
    expect(inOneLine(parts)).toBe("Hello [first name], it leaves [day]. Bye [first name]!");
  });

  it("names what is missing; blanks fill nothing", () => {
    expect(missingGaps(parts, { "body day": "  ", "body first_name": "Ann" }).map((gap) => gap.label)).toEqual(["Heading: Order", "Day", "End of the link behind “Track”", "Code behind “Code”"]);
  });

  it("fills in the name by itself, and nothing else", () => {
    expect(firstValues(parts, "Ann Lee")).toEqual({ "body first_name": "Ann" });
    expect(firstValues(parts, null)).toEqual({});
  });

  it("is sent by place and name", () => {
    const values = { "header order": "7", "body first_name": " Ann ", "body day": "Friday", "buttons 1": "abc", "buttons 2": "TEN" };
    expect(sentValues(parts, values)).toEqual({ header: { order: "7" }, body: { first_name: "Ann", day: "Friday" }, buttons: { "1": "abc", "2": "TEN" } });
  });

  it("begins with a file where Meta says so, and survives parts nobody knew", () => {
    expect(partsOf({ components: [{ type: "HEADER", format: "IMAGE" }, { type: "CAROUSEL", cards: 3 }, { type: "BUTTONS", buttons: "none" }] })).toMatchObject({ media: "IMAGE", header: "", body: "", buttons: [], gaps: [] });
  });
});
