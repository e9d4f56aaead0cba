import { describe, expect, it } from "vitest";
import { blank, blankButton, nameFrom, submission, wanted, type TemplateDraft } from "./template_draft.ts";
import { check, faultOf } from "./template_rules.ts";
import { filled, nextVariable, variables } from "./variables.ts";

/** With an example for every variable. */
function template(change: Partial<TemplateDraft>): TemplateDraft {
  const draft = { ...blank("en_US"), name: "order_sent", named: false, body: "fine", ...change };
  return { ...draft, examples: { ...Object.fromEntries(wanted(draft).map(({ key }) => [key, "Ann"])), ...change.examples } };
}

const body = (text: string, named = false) => template({ body: text, named });

describe("Meta's rules for templates", () => {
  it("takes what Meta would take", () => {
    expect(check(body("Your order {{1}} is on its way to {{2}}."))).toEqual([]);
    expect(check(body("Hello {{first_name}}, welcome.", true))).toEqual([]);
    expect(check(template({ header: { kind: "text", text: "Order {{1}}", handle: "" }, footer: "Lumen & Oak" }))).toEqual([]);
  });

  it.each([
    ["body", body("{{1}} is on its way.")],
    ["body", body("On its way: {{1}}")],
    ["body", body("Order {{2}} is on its way.")],
    ["body", body("Order {{1}} {{2}} is on its way.")],
    ["body", body("Order {{1}}{{2}} is on its way.")],
    ["body", body("x".repeat(1_025))],
    ["body", body("")],
    ["body", body("Hello {{First Name}}, welcome.", true)],
    ["name", template({ name: "Order-Sent" })],
    ["name", template({ name: "" })],
    ["language", template({ language: "english" })],
    ["header", template({ header: { kind: "text", text: "{{1}} and {{2}}", handle: "" } })],
    ["header", template({ header: { kind: "image", text: "", handle: "" } })],
    ["footer", template({ footer: "Yours, {{1}}" })],
    ["footer", template({ footer: "x".repeat(61) })],
    ["example.body.1", template({ body: "Order {{1}} left.", examples: { "body.1": " " } })],
    ["example.body.1", template({ body: "Order {{1}} left.", examples: { "body.1": "a\nb" } })],
  ])("refuses what Meta would reject, at %s", (field, draft) => {
    expect(faultOf(check(draft), field)).not.toBeNull();
  });

  it("counts characters as people do", () => {
    expect(check(template({ footer: "😀".repeat(60) }))).toEqual([]);
  });
});

describe("buttons", () => {
  const reply = (text: string) => ({ ...blankButton("QUICK_REPLY"), text });
  const link = (target: string, example = "") => ({ ...blankButton("URL"), text: "Track", target, example });
  const withButtons = (...buttons: TemplateDraft["buttons"]) => check(template({ buttons }));

  it("lead somewhere, and say so", () => {
    expect(withButtons(reply("Yes"), reply("No"), link("https://shop.example/{{1}}", "https://shop.example/42"))).toEqual([]);
    expect(withButtons({ ...blankButton("PHONE_NUMBER"), text: "Call us", target: "+44 20 7946 0000" })).toEqual([]);
    expect(withButtons({ ...blankButton("COPY_CODE"), target: "OAK20" })).toEqual([]);
  });

  it.each([
    [link("http://shop.example/")],
    [link("https://shop.example/{{1}}")],
    [link("https://shop.example/{{1}}/more", "https://shop.example/42/more")],
    [reply("")],
    [reply("x".repeat(26))],
    [{ ...blankButton("PHONE_NUMBER"), text: "Call", target: "soon" }],
    [{ ...blankButton("COPY_CODE"), target: "two words" }],
  ])("are refused with the reason: %o", (button) => {
    expect(faultOf(withButtons(button), "button.0")).not.toBeNull();
  });

  it("are few, different, and in groups", () => {
    expect(faultOf(withButtons(reply("Yes"), reply("Yes")), "button.1")).toMatch(/same/);
    expect(faultOf(withButtons(...Array.from({ length: 11 }, (_, n) => reply(`Reply ${n}`))), "buttons")).toMatch(/ten/);
    expect(faultOf(withButtons(reply("Yes"), link("https://a.example/"), reply("No")), "buttons")).toMatch(/together/);
    const calls = { ...blankButton("PHONE_NUMBER"), text: "Call", target: "+442079460000" };
    expect(faultOf(withButtons(calls, { ...calls, text: "Ring" }), "button.1")).toMatch(/one phone/);
  });
});

describe("variables", () => {
  it("are found once and in order, and filled", () => {
    expect(variables("Hi {{ name }}, {{2}} of {{name}} {{")).toEqual(["name", "2"]);
    expect(variables("{{}} none")).toEqual([]);
    expect(filled("Hi {{name}}, {{2}}", (name) => (name === "name" ? "{{2}}" : undefined))).toBe("Hi {{2}}, {{2}}");
  });

  it("are counted on, or named anew", () => {
    expect([nextVariable(false, ""), nextVariable(false, "{{1}} {{2}}")]).toEqual(["1", "3"]);
    expect([nextVariable(true, ""), nextVariable(true, "{{name}}")]).toEqual(["name", "name_2"]);
  });
});

describe("what Meta is asked to take", () => {
  it("carries examples in place or by name", () => {
    const positional = submission(template({ body: "Order {{2}} for {{1}} left.", examples: { "body.1": "Ann", "body.2": "42" } }));
    expect(positional.named).toBe(false);
    expect(positional.components).toEqual([{ type: "BODY", text: "Order {{2}} for {{1}} left.", example: { body_text: [["Ann", "42"]] } }]);
    const named = submission(template({ named: true, body: "Hello {{name}}, hi." }));
    expect(named.components[0]?.["example"]).toEqual({ body_text_named_params: [{ param_name: "name", example: "Ann" }] });
  });

  it("has its parts in Meta's words and leaves out what is not there", () => {
    const buttons = [{ ...blankButton("URL"), text: "Track", target: "https://a.example/{{1}}", example: "https://a.example/1" }, { ...blankButton("COPY_CODE"), target: "OAK20" }];
    const { components } = submission(template({ header: { kind: "image", text: "", handle: "4:abc" }, footer: "Bye", buttons }));
    expect(components.map((part) => part["type"])).toEqual(["HEADER", "BODY", "FOOTER", "BUTTONS"]);
    expect(components[0]).toEqual({ type: "HEADER", format: "IMAGE", example: { header_handle: ["4:abc"] } });
    expect(components[3]?.["buttons"]).toEqual([
      { type: "URL", text: "Track", url: "https://a.example/{{1}}", example: ["https://a.example/1"] },
      { type: "COPY_CODE", example: "OAK20" },
    ]);
  });

  it("has a name made of what was typed", () => {
    expect(nameFrom("Order sent – 2!")).toBe("order_sent__2");
    expect(nameFrom("Señal-über")).toBe("senal_uber");
  });
});
