/** The part of the server that is for visitors. */
export const API = "/widget/v1";
