import { describe, expect, it } from "vitest";
import { Problem } from "wire";
import { firstStep, refused } from "./sign_in_state.ts";

const problem = (status: number, code: string, more = {}) => new Problem(status, { code, ...more });

describe("a sign-in", () => {
  it("asks for what the refusal names", () => {
    const coded = refused(firstStep, problem(401, "second_factor_required"));
    expect(coded.step).toEqual({ step: "code", wrong: false });
    const tenants = [{ id: "ten_1", name: "Lamp & Co" }];
    expect(refused(firstStep, problem(409, "tenant_required", { tenants })).step).toEqual({ step: "tenant", tenants });
  });

  it("stays at the code when the code was wrong, and goes back when the password was", () => {
    const coded = refused(firstStep, problem(401, "second_factor_required"));
    expect(refused(coded, problem(401, "invalid_code")).step).toEqual({ step: "code", wrong: true });
    expect(refused(coded, problem(401, "second_factor_required")).step).toEqual({ step: "code", wrong: true });
    expect(refused(firstStep, problem(401, "invalid_credentials")).error).toBe("wrong");
  });

  it("does not call a throttle or a dead network a wrong password", () => {
    expect(refused(firstStep, problem(429, "too_many_attempts")).error).toBeNull();
    expect(refused(firstStep, problem(0, "network", { title: "Unreachable" }))).toMatchObject({ error: "other", detail: "Unreachable" });
  });
});
