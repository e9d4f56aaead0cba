import { describe, expect, it } from "vitest";
import { plainWords, styled } from "./styled.ts";

const seen = (text: string) => styled(text).map(({ text: words, style }) => (style === "plain" ? words : `<${style}>${words}</>`)).join("");

describe("WhatsApp's marks", () => {
  it("write bold, italic, struck and code", () => {
    expect(seen("*a* _b c_ ~d~ `e` ```f\ng```")).toBe("<bold>a</> <italic>b c</> <struck>d</> <code>e</> <code>f\ng</>");
  });

  it("count beside words only, on one line", () => {
    for (const text of ["2*3*4", "snake_case_name", "* a *", "*a\nb*", "**", "a ~ b ~ c"]) expect(seen(text), text).toBe(text);
  });

  it("leave addresses alone", () => {
    expect(seen("https://x.example/_a_/*b*")).toBe("https://x.example/_a_/*b*");
  });

  it("lose no word", () => {
    expect(plainWords("Your order *W-1042* leaves _tomorrow_.")).toBe("Your order W-1042 leaves tomorrow.");
  });

  it("stay quick on what was made to be slow", () => {
    const started = performance.now();
    styled("*".repeat(4_000));
    styled("*a ".repeat(1_400));
    styled("`".repeat(4_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
