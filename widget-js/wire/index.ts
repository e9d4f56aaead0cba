/** Everything a client of Porchlight needs below its screens: no DOM, no dependency. */

export * from "./clock";
export * from "./ids";
export * from "./inbox";
export * from "./outbox";
export * from "./outbox_store";
export * from "./outbox_tabs";
export * from "./port";
export * from "./rest";
export * from "./socket";
export * from "./text";
export * from "./types";
