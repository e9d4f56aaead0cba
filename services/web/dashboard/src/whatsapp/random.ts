/** Words nobody can guess, made in this browser. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

export function randomToken(length = 40): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}
