import { expect, it } from "vitest";
import { styled } from "./styled.ts";

it("draws what WhatsApp draws", () => {
  expect(styled("Hi *Ann*, _now_ ~then~ ```x*y*``` {{1}}!")).toEqual([
    { text: "Hi ", style: "plain" },
    { text: "Ann", style: "bold" },
    { text: ", ", style: "plain" },
    { text: "now", style: "italic" },
    { text: " ", style: "plain" },
    { text: "then", style: "struck" },
    { text: " ", style: "plain" },
    { text: "x*y*", style: "code" },
    { text: " ", style: "plain" },
    { text: "{{1}}", style: "gap" },
    { text: "!", style: "plain" },
  ]);
});

it("leaves marks alone that mark nothing", () => {
  for (const text of ["2 * 3 * 4", "order_sent_now", "a ~ b", "* *"]) expect(styled(text)).toEqual([{ text, style: "plain" }]);
});
