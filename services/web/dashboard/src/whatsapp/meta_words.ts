/** Meta's words in ours. A word nobody knew when this was written is shown as Meta spells it. Pure. */
import type { Tone } from "ui";

export interface Said {
  text: string;
  tone: Tone;
}

const said = (text: string, tone: Tone = "neutral"): Said => ({ text, tone });

/** `SOME_NEW_WORD` as a person would write it. */
export const plain = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase().replaceAll("_", " ");

const known = (words: Record<string, Said>, word: string | null, otherwise: Said): Said => (word === null ? otherwise : (words[word] ?? said(plain(word))));

export const quality = (word: string | null): Said =>
  known({ GREEN: said("Good", "good"), YELLOW: said("Falling", "warn"), RED: said("Poor", "bad"), UNKNOWN: said("Not rated yet"), NA: said("Not rated yet") }, word, said("Not rated yet"));

/** How many people may be written to first in a day. */
export function limit(tier: string | null, locale?: string): string {
  if (tier === null || tier === "TIER_NOT_SET") return "Not known yet";
  if (tier === "TIER_UNLIMITED") return "Any number of people a day";
  const found = /^TIER_(\d+)(K)?$/.exec(tier);
  if (!found) return plain(tier);
  const people = Number(found[1]) * (found[2] ? 1_000 : 1);
  return `Up to ${people.toLocaleString(locale)} people a day`;
}

export const numberState = (word: string | null): Said =>
  known(
    {
      CONNECTED: said("Registered", "good"),
      PENDING: said("Not registered", "warn"),
      UNVERIFIED: said("Not verified", "warn"),
      DISCONNECTED: said("Disconnected", "bad"),
      BANNED: said("Banned by Meta", "bad"),
      RESTRICTED: said("Restricted by Meta", "bad"),
      RATE_LIMITED: said("Slowed down by Meta", "warn"),
      FLAGGED: said("Flagged by Meta", "warn"),
      MIGRATED: said("Moved elsewhere", "bad"),
      DELETED: said("Deleted at Meta", "bad"),
    },
    word,
    said("Not known yet"),
  );

export const nameStatus = (word: string | null): Said =>
  known(
    {
      APPROVED: said("Approved", "good"),
      AVAILABLE_WITHOUT_REVIEW: said("Approved", "good"),
      PENDING_REVIEW: said("In review", "warn"),
      DECLINED: said("Declined", "bad"),
      EXPIRED: said("Expired", "bad"),
      NONE: said("Not sent in"),
      NON_EXISTS: said("Not sent in"),
    },
    word,
    said("Not known yet"),
  );

/** Why nothing is sent from a number, or what is wrong with its account; a sentence. */
export function problem(word: string | null): string {
  const sentences: Record<string, string> = {
    PARTNER_REMOVED: "The account's owner took this app's access away.",
    PARTNER_APP_UNINSTALLED: "The account's owner removed this app.",
    ACCOUNT_OFFBOARDED: "The number left the Cloud API.",
    ACCOUNT_DELETED: "The account was deleted at Meta.",
    DISABLED_UPDATE: "Meta has disabled the account.",
    ACCOUNT_RESTRICTION: "Meta has restricted the account.",
    ACCOUNT_VIOLATION: "Meta found a breach of its rules.",
    REJECTED: "Meta rejected the account's review.",
    credentials_removed: "The account's token was taken out.",
    number_moved: "The number was moved to another account.",
    token: "The access token is not accepted any more.",
    token_invalid: "The access token is not accepted any more.",
    permission: "The access token may not send from this number.",
    not_registered: "The number is not registered.",
    name_not_approved: "Meta has not approved the display name.",
    payment: "Meta wants a payment method for this account.",
    account_locked: "Meta has locked the account.",
    blocked: "Meta has blocked sending for a while.",
  };
  if (word === null) return "Nothing is sent for the moment.";
  // a whole sentence came from the server; it knows better
  return sentences[word] ?? (/\s/.test(word) ? word : `${plain(word)}.`);
}

/** What somebody can do about it. */
export function remedy(word: string | null): string {
  if (word === null) return "Run the doctor to see what is wrong.";
  if (/token|credentials|PERMISSION|permission|PARTNER/i.test(word)) return "Give the account a new access token, then resume.";
  if (/regist|OFFBOARDED/i.test(word)) return "Register the number with its PIN, then resume.";
  if (/name_/.test(word)) return "Ask for another display name in WhatsApp Manager, or wait for the review, then resume.";
  if (/pay/i.test(word)) return "Add a payment method in WhatsApp Manager, then resume.";
  if (/DISABLED|RESTRICTION|VIOLATION|REJECTED|locked|blocked/i.test(word)) return "Open Account quality in WhatsApp Manager; Meta says there what to do.";
  return "Run the doctor to see what is wrong, then resume.";
}

export const templateStatus = (word: string): Said =>
  known(
    {
      APPROVED: said("Approved", "good"),
      PENDING: said("In review", "accent"),
      IN_APPEAL: said("In appeal", "accent"),
      REJECTED: said("Rejected", "bad"),
      PAUSED: said("Paused", "warn"),
      DISABLED: said("Disabled", "bad"),
      FLAGGED: said("Flagged", "warn"),
      LOCKED: said("Locked", "warn"),
      LIMIT_EXCEEDED: said("Limit reached", "warn"),
      PENDING_DELETION: said("Being deleted"),
      DELETED: said("Deleted"),
      ARCHIVED: said("Archived"),
    },
    word,
    said(plain(word)),
  );

export const category = (word: string): string => ({ MARKETING: "Marketing", UTILITY: "Utility", AUTHENTICATION: "Authentication" })[word] ?? plain(word);

/** Why a template cannot be used, and what to do; null where all is well. */
export function templateReason(status: string, reason: string | null): string | null {
  const because: Record<string, string> = {
    ABUSIVE_CONTENT: "Meta's reviewers found abusive words.",
    INVALID_FORMAT: "Variables or marks are not where Meta allows them.",
    TAG_CONTENT_MISMATCH: "The words do not fit the language or the category that was chosen.",
    INCORRECT_CATEGORY: "The words do not fit the category that was chosen.",
    PROMOTIONAL: "It reads as marketing, and was sent in as another category.",
    SCAM: "Meta's reviewers took it for a fraud.",
    SPAM: "Meta's reviewers took it for spam.",
    PHISHING_CONTENT: "Meta's reviewers took it for phishing.",
  };
  const why = reason === null || reason === "NONE" ? null : (because[reason] ?? (/\s/.test(reason) ? reason : `Meta says: ${plain(reason)}.`));
  const what: Record<string, string> = {
    REJECTED: "Write a new one with other words.",
    PAUSED: "People blocked or reported it. Meta lets it go on by itself after three hours, the second time after six.",
    DISABLED: "People reported it too often. It cannot be used again; write a new one.",
    FLAGGED: "Its quality fell. Meta may pause it soon.",
    PENDING: "Meta's reviewers usually take a few minutes, at most a day.",
    IN_APPEAL: "Meta's reviewers look at it again.",
    LIMIT_EXCEEDED: "Meta has limited how often it may be sent.",
  };
  return [why, what[status]].filter(Boolean).join(" ") || null;
}

/** A line of the flight recorder: what it was. */
export function arrivedWhat(kind: string, what: string): string {
  const kinds: Record<string, string> = { message: "Message", status: "State", problem: "Problem", echo: "From the phone app", history: "Past messages", contacts: "Address book", news: "News" };
  return `${kinds[kind] ?? plain(kind)}: ${what.replaceAll("_", " ").toLowerCase()}`;
}

const faults: Record<string, string> = {
  older_than_known: "Older than what is known already.",
  no_effect: "Nothing follows from this kind of news.",
  unknown_number: "The number is not connected here.",
  unknown_account: "The account is not connected here.",
  not_connected: "The account is not connected here.",
  number_elsewhere: "The number is connected elsewhere.",
  unknown_kind: "A kind nobody knew when this was made. It is kept.",
  unknown_field: "A kind nobody knew when this was made. It is kept.",
  unknown_status: "A state nobody knew when this was made. It is kept.",
  unknown_person: "Nobody here is known by this name.",
  unknown_target: "What it is about did not come here.",
  our_own_message: "A message this inbox sent itself.",
  not_their_message: "It is about a message of somebody else's.",
  no_words: "It says nothing.",
  empty: "It says nothing.",
  gone: "What it is about was deleted.",
  earlier_call: "A later state is known already.",
  repeated: "It had arrived before.",
  duplicate: "It had arrived before.",
};

/** Why a line failed or was ignored. */
export const arrivedWhy = (error: string | null): string | null => (error === null ? null : (faults[error] ?? (/\s/.test(error) ? error : `${plain(error)}.`)));
