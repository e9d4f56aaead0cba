import { describe, expect, it } from "vitest";
import { minutes } from "./nudge.ts";
import { isPin } from "./pin.ts";
import { faults } from "./profile_rules.ts";

const profile = { about: "Lamps by hand", address: "", description: "", email: "hello@oak.example", websites: ["https://oak.example"], vertical: "RETAIL" };

describe("a number's profile", () => {
  it("is fine as it is", () => expect(faults(profile, true)).toEqual([]));

  it("says by how much a part is too long", () => {
    expect(faults({ ...profile, about: "x".repeat(141) }, true)).toEqual([{ field: "about", over: 2 }]);
    expect(faults({ ...profile, about: "😀".repeat(139) }, true)).toEqual([]);
  });

  it("keeps a line once it is set, and asks for real addresses", () => {
    expect(faults({ ...profile, about: " " }, true)).toEqual([{ field: "about", over: 0 }]);
    expect(faults({ ...profile, about: "" }, false)).toEqual([]);
    expect(faults({ ...profile, email: "hello", websites: ["oak.example", "ftp://x"] }, true).map((one) => one.field)).toEqual(["email", "website", "website2"]);
  });
});

it("takes a PIN of six digits and a reminder within the day", () => {
  expect([isPin("123456"), isPin("12345"), isPin("12345a")]).toEqual([true, false, false]);
  expect([minutes("1"), minutes(" 60 "), minutes("1439"), minutes("0"), minutes("1440"), minutes("x"), minutes("")]).toEqual([1, 60, 1439, null, null, null, null]);
});
