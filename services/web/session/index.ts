/** What both apps know about being signed in. May import wire, never ui. */
export * from "./session.ts";
export * from "./throttle.ts";
