/** Everything a client of Porchlight needs below its screens: no DOM, no dependency. */

export * from "./clock";
export * from "./file_accept";
export * from "./file_rules";
export * from "./file_text";
export * from "./ids";
export * from "./inbox";
export * from "./links";
export * from "./outbox";
export * from "./outbox_store";
export * from "./outbox_tabs";
export * from "./port";
export * from "./rest";
export * from "./socket";
export * from "./text";
export * from "./types";
export * from "./upload";
export * from "./upload_feed";
export * from "./upload_message";
export * from "./upload_store";
export * from "./upload_tabs";
