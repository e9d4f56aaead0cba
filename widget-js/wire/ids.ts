/**
 * Names a client gives to what it sends, so that a repeated send is recognised.
 *
 * A UUIDv7: random enough to be unique, and it sorts by the time it was made, which keeps
 * an outbox readable. Shape accepted by the server: `[A-Za-z0-9_-]{1,64}`.
 */

export function clientId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
