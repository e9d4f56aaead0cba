/** Six digits, as Meta wants its two-step PIN. */
export const isPin = (text: string): boolean => /^\d{6}$/.test(text);
