import { expect, it } from "vitest";
import type { WhatsAppCheck } from "wire";
import { addressIn, counted, sorted } from "./doctor_state.ts";

const line = (check: string, state: WhatsAppCheck["state"]): WhatsAppCheck => ({ check, state, text: "", fix: null });

it("puts what needs somebody first and keeps the order otherwise", () => {
  const checks = [line("a", "ok"), line("b", "unknown"), line("c", "failing"), line("d", "ok"), line("e", "failing")];
  expect(sorted(checks).map((one) => one.check)).toEqual(["c", "e", "b", "a", "d"]);
  expect(counted(checks)).toEqual({ failing: 2, unknown: 1 });
});

it("finds the address to be copied", () => {
  expect(addressIn("Set it in Configuration: https://w.example/inbound/x")).toBe("https://w.example/inbound/x");
  expect(addressIn("Register the number with its PIN.")).toBeNull();
});
