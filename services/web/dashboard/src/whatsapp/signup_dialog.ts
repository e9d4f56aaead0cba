/**
 * Meta's own dialogue for joining (Embedded Signup), in a window of its own and without a script of Meta's.
 *
 * A script of Meta's on this page would have everything the administrator has; the hosted dialogue gives the same code by
 * a redirect to our own page. Why: docs/decisions/0022. Pure.
 */
import type { Signup } from "./api.ts";

export const CHANNEL = "porchlight.whatsapp.signup";
const META = "https://www.facebook.com";

export interface Asked {
  state: string;
  redirect: string;
  /** Whether the WhatsApp Business app goes on being used on the number. */
  coexistence: boolean;
}

/** Where the window opens; null where no app is set up for it. */
export function dialogAddress(offer: Signup, { state, redirect, coexistence }: Asked): string | null {
  if (!offer.app_id || !offer.meta_app_id || !offer.config_id) return null;
  const version = offer.graph_version.replace(/^v?/, "v");
  const asked = new URLSearchParams({
    client_id: offer.meta_app_id,
    config_id: offer.config_id,
    response_type: "code",
    override_default_response_type: "true",
    redirect_uri: redirect,
    state,
    extras: JSON.stringify({ setup: {}, featureType: coexistence ? "whatsapp_business_app_onboarding" : "", sessionInfoVersion: "3" }),
  });
  return `${META}/${encodeURIComponent(version)}/dialog/oauth?${asked.toString()}`;
}

export interface Landed {
  state: string;
  code: string | null;
  /** What Meta said instead of a code. */
  refusal: string | null;
}

/** What Meta's redirect brought, or null for any other address. */
export function landedFrom(address: string): Landed | null {
  let asked: URLSearchParams;
  try {
    asked = new URL(address.trim(), "https://x.invalid").searchParams;
  } catch {
    return null;
  }
  const [state, code] = [asked.get("state"), asked.get("code")];
  const refusal = asked.get("error_description") ?? asked.get("error_message") ?? asked.get("error");
  return state && (code || refusal) ? { state, code: code || null, refusal } : null;
}

/** The code in what somebody pasted: a whole address, or the code alone. An address of another attempt has none. */
export function codeIn(pasted: string, state: string): string | null {
  const text = pasted.trim();
  const landed = landedFrom(text);
  if (landed) return landed.state === state ? landed.code : null;
  return /^[\w-]{20,}(#_=_)?$/.test(text) ? text.replace(/#_=_$/, "") : null;
}
