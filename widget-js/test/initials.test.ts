import { expect, test } from "vitest";
import { initials } from "../frame/initials";

test.each([
  ["Lumen & Oak", "LO"],
  ["Mia Berg", "MB"],
  ["  ana maría lópez ", "AM"],
  ["(Shop)", "S"],
  ["7 Seas", "7S"],
  ["نور علي", "نع"],
  ["<>", ""],
])("%s is %s", (name, letters) => expect(initials(name)).toBe(letters));
