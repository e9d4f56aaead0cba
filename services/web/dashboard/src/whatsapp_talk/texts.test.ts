import { describe, expect, it } from "vitest";
import type { Content, Extra, Message } from "wire";
import { briefOf, contentName, degrees, hasNews, lateText, mapUrl, mayFetch, missingText, noExtra, systemText, unsupportedText, wordsOf } from "./texts.ts";

const extra = (more: Partial<Extra> = {}): Extra => ({ ...noExtra, ...more });
const message = (more: Partial<Extra> = {}, body = "", created_at = "2026-11-21T16:10:00") => ({ body, files: [], extra: extra(more), created_at }) as unknown as Message;
const choice: Content = { type: "choice", title: "Walnut", description: null };

describe("words where a message has none", () => {
  it("says honestly what WhatsApp does not hand over, and what to do", () => {
    expect(unsupportedText("poll_creation")).toBe("WhatsApp does not hand over this kind of message (poll). Ask them to send it as text.");
    expect(unsupportedText("event_creation")).toContain("(event creation)");
    expect(unsupportedText(null)).toBe("WhatsApp does not hand over this kind of message. Ask them to send it as text.");
    expect(unsupportedText("constructor")).toContain("(constructor)");
  });

  it("has a sentence for every notice and every reason, also of a newer server", () => {
    const notices = ["changed_number", "changed_id", "identity_changed", "tomorrow's"].map(systemText);
    expect(new Set(notices).size).toBe(4);
    const reasons = ["expired", "too_large", "refused", "unreachable", "meta_failed", "no_id", "brand_new"].map((reason) => missingText({ reason }));
    expect(new Set(reasons).size).toBe(7);
  });

  it("asks again only for what asking can bring", () => {
    expect(mayFetch({ reason: "unreachable" })).toBe(true);
    expect(mayFetch({ reason: "no_id" })).toBe(false);
  });

  it("says when a message was sent and when it came, with the day where it was another", () => {
    expect(lateText(message({ sent_at: "2026-11-21T14:02:00" }))).toMatch(/^sent .*02.*, arrived .*10/);
    expect(lateText(message({ sent_at: "2026-11-03T14:02:00" }))).toMatch(/Nov|11/);
    expect(lateText(message({ sent_at: "2026-09-03T14:02:00", history: true }))).not.toContain("arrived");
    expect(lateText(message())).toBeNull();
  });

  it("says once what was tapped", () => {
    expect(wordsOf(message({ content: choice }, "Walnut"))).toBe("");
    expect(wordsOf(message({ content: choice }, "Walnut, please"))).toBe("Walnut, please");
  });

  it("quotes in one line, without marks", () => {
    expect(briefOf(message({}, "The *taller*\none"))).toBe("The taller one");
    expect(briefOf(message({ revoked_at: "2026-11-21T16:11:00" }, "secret"))).toBe("This message was deleted");
    expect(briefOf(message({ content: choice }))).toBe("Walnut");
  });

  it("names every kind of content", () => {
    const all: Content[] = [
      choice,
      { type: "media", kind: "voice", state: "coming", name: null, reason: null },
      { type: "location", latitude: 1, longitude: 2, name: null, address: null },
      { type: "contacts", cards: [{ name: "Rui", phones: [], emails: [], organisation: null }] },
      { type: "form", name: null, answers: [] },
      { type: "order", items: [{ product: "A", quantity: 2, price: null, currency: null }] },
      { type: "system", what: "changed_id" },
      { type: "unsupported", what: null },
      { type: "template", name: "hello", language: "en", buttons: [] },
      { type: "buttons", buttons: [{ id: "1", title: "Yes", description: null }] },
      { type: "list", button: "Open", rows: [] },
      { type: "link", label: "Guide", url: "https://x.example" },
    ];
    for (const one of all) expect(contentName(one), one.type).not.toBe("");
  });

  it("writes places in degrees and opens a map only by its address", () => {
    const place = { latitude: 38.7110461234, longitude: -9.139126 };
    expect(degrees(place)).toBe("38.711046, -9.139126");
    expect(mapUrl(place)).toBe("https://www.openstreetmap.org/?mlat=38.711046&mlon=-9.139126#map=16/38.711046/-9.139126");
  });

  it("shows what there is to say even in the middle of a group", () => {
    expect(hasNews(message())).toBe(false);
    for (const news of [{ edited_at: "x" }, { delivery: "failed" as const }, { phone_app: true }, { sent_at: "x" }]) expect(hasNews(message(news))).toBe(true);
  });
});
