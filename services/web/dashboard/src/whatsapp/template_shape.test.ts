import { expect, it } from "vitest";
import { blank, submission, type TemplateDraft } from "./template_draft.ts";
import { draftFrom, shapeOf, shapeOfDraft } from "./template_shape.ts";

const draft: TemplateDraft = {
  ...blank("en_GB"),
  name: "order_sent",
  header: { kind: "text", text: "Order {{number}}", handle: "" },
  body: "Hello {{name}}, it left.",
  footer: "Lumen & Oak",
  buttons: [
    { kind: "URL", text: "Track", target: "https://a.example/{{1}}", example: "https://a.example/42" },
    { kind: "QUICK_REPLY", text: "Thanks", target: "", example: "" },
  ],
  examples: { "header.number": "42", "body.name": "Ann" },
};

it("shows examples in their places while somebody writes", () => {
  expect(shapeOfDraft(draft)).toMatchObject({ header: { kind: "text", text: "Order 42" }, body: "Hello Ann, it left.", footer: "Lumen & Oak" });
  expect(shapeOfDraft({ ...draft, examples: {} }).body).toBe("Hello {{name}}, it left.");
});

it("makes of what Meta holds the draft it came from", () => {
  for (const one of [draft, { ...draft, named: false, header: { ...draft.header, text: "Order {{1}}" }, body: "Hello {{1}}, it left.", examples: { "header.1": "42", "body.1": "Ann" } }]) {
    expect(draftFrom(submission(one))).toEqual(one);
  }
});

it("survives parts nobody knew", () => {
  const odd = [{ type: "header", format: "LOCATION" }, { type: "CAROUSEL", cards: [] }, { type: "BUTTONS", buttons: [{ type: "FLOW", text: "Book" }, null] }, { type: "BODY" }];
  expect(shapeOf(odd)).toEqual({ header: { kind: "location", text: "" }, body: "", footer: "", buttons: [{ kind: "FLOW", text: "Book" }] });
  expect(draftFrom({ name: "x", language: "en", category: "AUTHENTICATION", named: false, components: odd }).buttons).toEqual([]);
});
