/** The first letters of the first two words; signs between them ("Lumen & Oak") begin nothing. Pure. */
export function initials(name: string): string {
  const firsts = name.split(/\s+/).map((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? "");
  return firsts.filter(Boolean).slice(0, 2).join("").toUpperCase();
}
