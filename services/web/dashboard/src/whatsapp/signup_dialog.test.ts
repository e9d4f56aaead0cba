import { describe, expect, it } from "vitest";
import { codeIn, dialogAddress, landedFrom } from "./signup_dialog.ts";

const offer = { app_id: "wap_1", meta_app_id: "670843887433847", config_id: "42", graph_version: "v26.0" };
const asked = { state: "s3cret", redirect: "https://desk.example/app/", coexistence: true };

describe("Meta's dialogue", () => {
  it("opens at Meta with everything it needs, and with no secret", () => {
    const { origin, pathname, searchParams } = new URL(dialogAddress(offer, asked) ?? "");
    expect([origin, pathname]).toEqual(["https://www.facebook.com", "/v26.0/dialog/oauth"]);
    expect(Object.fromEntries(searchParams)).toMatchObject({ client_id: "670843887433847", config_id: "42", response_type: "code", state: "s3cret", redirect_uri: "https://desk.example/app/" });
    expect(JSON.parse(searchParams.get("extras") ?? "")).toMatchObject({ featureType: "whatsapp_business_app_onboarding" });
  });

  it("stays closed where no app is set up", () => {
    for (const lacking of [{ app_id: null }, { meta_app_id: null }, { config_id: null }]) expect(dialogAddress({ ...offer, ...lacking }, asked)).toBeNull();
  });

  it("comes back with a code, or with Meta's no", () => {
    expect(landedFrom("https://desk.example/app/?code=AQB&state=s3cret#_=_")).toEqual({ state: "s3cret", code: "AQB", refusal: null });
    expect(landedFrom("?error=access_denied&error_description=User+cancelled&state=s3cret")).toEqual({ state: "s3cret", code: null, refusal: "User cancelled" });
    for (const other of ["https://desk.example/app/", "?code=AQB", "?state=s3cret", "https://["]) expect(landedFrom(other)).toBeNull();
  });

  it("takes a pasted address or code, and none of another attempt", () => {
    const code = "AQBx0123456789abcdefgh";
    expect(codeIn(` https://desk.example/app/?code=${code}&state=s3cret#_=_ `, "s3cret")).toBe(code);
    expect(codeIn(`https://desk.example/app/?code=${code}&state=other`, "s3cret")).toBeNull();
    expect(codeIn(`${code}#_=_`, "s3cret")).toBe(code);
    expect(codeIn("no code", "s3cret")).toBeNull();
  });
});
