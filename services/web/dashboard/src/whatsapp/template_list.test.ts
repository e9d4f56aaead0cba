import { expect, it } from "vitest";
import type { WhatsAppTemplate } from "wire";
import { matching, statesOf } from "./template_list.ts";

const template = (name: string, status: string, language = "en"): WhatsAppTemplate => ({ id: name, account_id: "wac_1", name, language, category: "UTILITY", status, quality: null, reason: null, named: true, components: [], variables: [], updated_at: "" });
const all = [template("order_sent", "APPROVED"), template("order_late", "PENDING"), template("welcome", "REJECTED"), template("odd", "SOMETHING_NEW"), template("gone", "DELETED")];
const names = (found: WhatsAppTemplate[]) => found.map((one) => one.name);

it("shows what needs somebody first, and what is gone only when asked", () => {
  expect(names(matching(all, "", ""))).toEqual(["welcome", "order_late", "order_sent", "odd"]);
  expect(names(matching(all, "DELETED", ""))).toEqual(["gone"]);
  expect(statesOf(all)).toEqual(["REJECTED", "PENDING", "APPROVED", "SOMETHING_NEW", "DELETED"]);
});

it("finds by parts of the name, however they are written", () => {
  expect(names(matching(all, "", "Sent order"))).toEqual(["order_sent"]);
  expect(names(matching(all, "PENDING", "order_"))).toEqual(["order_late"]);
  expect(matching(all, "", "nothing")).toEqual([]);
});
