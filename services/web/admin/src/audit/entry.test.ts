import { describe, expect, it } from "vitest";
import { describe as say } from "./entry.ts";

describe("a line of the audit", () => {
  it("says what, who, about what, once each", () => {
    const line = say({ action: "tenant_suspended", at: "2026-11-21T10:00:00.000Z", operator: { name: "Robin" }, tenant: { name: "Nordlys" }, object: "Nordlys", detail: "Unpaid" });
    expect(line).toEqual({ action: "Tenant suspended", who: "Robin", about: "Nordlys · Unpaid", at: "2026-11-21T10:00:00.000Z" });
  });

  it("leaves out ids", () => {
    expect(say({ action: "operator_created", object: "opr_01a1f218049d78cab24257d5eeac4341" }).about).toBeNull();
    expect(say({ action: "tenant_deleted", object: "Nordlys" }).about).toBe("Nordlys");
  });

  it("names the command line when no operator did it", () => {
    expect(say({ action: "operator_created" })).toEqual({ action: "Operator created", who: "Command line", about: null, at: null });
  });
});
