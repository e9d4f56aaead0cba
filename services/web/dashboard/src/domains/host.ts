/** What people paste into a field that asks for a domain. Pure; the server has the last word. */
import type { DomainScope } from "wire";

/** "https://Shop.example.com/cart?x" → "shop.example.com"; ports stay, they matter for test hosts. */
export function hostFrom(pasted: string): string {
  const text = pasted.trim().toLowerCase();
  return text.replace(/^[a-z][a-z0-9+.-]*:\/\//, "").replace(/^[^/?#@]*@/, "").replace(/[/?#].*$/, "");
}

/** A port, an address or localhost can only be a test; everything else starts as one exact host. */
export function scopeFor(pasted: string): DomainScope {
  const host = hostFrom(pasted);
  const isLocal = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
  return isLocal ? "test" : "host";
}
