import { describe, expect, it } from "vitest";
import { arrivedWhat, arrivedWhy, limit, nameStatus, problem, quality, remedy, templateReason, templateStatus } from "./meta_words.ts";

describe("Meta's words in ours", () => {
  it.each([
    ["TIER_50", "Up to 50 people a day"],
    ["TIER_2K", "Up to 2,000 people a day"],
    ["TIER_100K", "Up to 100,000 people a day"],
    ["TIER_UNLIMITED", "Any number of people a day"],
    ["TIER_NOT_SET", "Not known yet"],
    [null, "Not known yet"],
    ["SOMETHING_ELSE", "Something else"],
  ])("says the limit of %s plainly", (tier, text) => expect(limit(tier, "en")).toBe(text));

  it("shows a word nobody knew as Meta spells it, and colours only what is known", () => {
    expect(quality("RED")).toEqual({ text: "Poor", tone: "bad" });
    expect(quality("PURPLE")).toEqual({ text: "Purple", tone: "neutral" });
    expect(nameStatus("NEW_STATE").text).toBe("New state");
    expect(templateStatus("REINSTATED").text).toBe("Reinstated");
  });

  it("says why a number is halted and what to do", () => {
    expect(problem("PARTNER_REMOVED")).toMatch(/access away/);
    expect(remedy("PARTNER_REMOVED")).toMatch(/new access token/);
    expect(remedy("DISABLED_UPDATE")).toMatch(/WhatsApp Manager/);
    expect(problem("Meta says no (code 190)")).toBe("Meta says no (code 190)");
    expect(["credentials_removed", "name_not_approved", "not_registered", "payment"].map(remedy).every((text) => /then resume/.test(text))).toBe(true);
    expect(problem(null)).not.toBe("");
  });

  it("says why a template was rejected, and nothing where all is well", () => {
    expect(templateReason("REJECTED", "PROMOTIONAL")).toMatch(/marketing.*Write a new one/);
    expect(templateReason("REJECTED", "NEW_REASON")).toMatch(/New reason/);
    expect(templateReason("APPROVED", "NONE")).toBeNull();
    expect(templateReason("APPROVED", null)).toBeNull();
  });

  it("reads a line of the recorder aloud", () => {
    expect(arrivedWhat("message", "text")).toBe("Message: text");
    expect(arrivedWhat("news", "message_template_status_update")).toBe("News: message template status update");
    expect(arrivedWhy("older_than_known")).toMatch(/Older/);
    expect(arrivedWhy("a sentence of the server")).toBe("a sentence of the server");
  });
});
