/** Who is who on the stage. Real-looking names, because the public suffix rules refuse `.test`. */

/** Porchlight itself. */
export const OURS = "w.chat-example.org";
/** The operators' listener. */
export const OPS = "ops.chat-example.org";
/** A verified shop. */
export const SHOP = "shop.porchlight-example.com";
/** Another site that a test may verify too. */
export const OTHER = "other.porchlight-example.com";
/** Looks like the shop and is not. */
export const LOOKALIKE = "evilshop.porchlight-example.com";
/** A tree with names below. */
export const TREE = "tree.porchlight-example.com";
export const BELOW = "a.tree.porchlight-example.com";
export const FAR_BELOW = "a.b.tree.porchlight-example.com";
export const BESIDE = "xtree.porchlight-example.com";
/** A stranger. */
export const EVIL = "evil.attacker-example.net";
/** The shop's name in front of the stranger's. */
export const SUFFIXED = "shop.porchlight-example.com.attacker-example.net";
/** An internationalised name, as the wire spells it. */
export const IDN = "xn--bcher-kva.porchlight-example.com";
/** A site with another registrable domain, which a test may verify. */
export const FOREIGN = "www.lumen-example.net";

export const HOSTS = [OURS, OPS, SHOP, OTHER, LOOKALIKE, TREE, BELOW, FAR_BELOW, BESIDE, EVIL, SUFFIXED, IDN, FOREIGN];

export const at = (host, path = "/") => `https://${host}${path}`;
