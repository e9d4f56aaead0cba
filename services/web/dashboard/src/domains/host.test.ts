import { describe, expect, it } from "vitest";
import { hostFrom, scopeFor } from "./host.ts";

describe("what people paste as a domain", () => {
  it.each([
    ["https://Shop.Example.com/cart?x=1#y", "shop.example.com"],
    [" shop.example.com ", "shop.example.com"],
    ["http://localhost:3000/", "localhost:3000"],
    ["user:secret@example.com", "example.com"],
    ["bücher.example", "bücher.example"],
    ["", ""],
  ])("%s → %s", (pasted, host) => expect(hostFrom(pasted)).toBe(host));

  it("takes local hosts, and only those, for tests", () => {
    expect(scopeFor("http://localhost:3000")).toBe("test");
    expect(scopeFor("127.0.0.1:8082")).toBe("test");
    expect(scopeFor("localhost.example.com")).toBe("host");
    expect(scopeFor("shop.example.com")).toBe("host");
  });
});
