/** Meta's limits for what customers see of a number. Pure. */
import type { Profile } from "./api.ts";

export const MOST = { about: 139, address: 256, description: 512, email: 128, website: 256 } as const;

/** Meta's list of categories. */
export const VERTICALS = [
  "OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL", "HEALTH",
  "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS",
  "MATRIMONY_SERVICE",
] as const;

const names: Record<string, string> = {
  OTHER: "Other", AUTO: "Cars and vehicles", BEAUTY: "Beauty, spa and salon", APPAREL: "Clothing", EDU: "Education", ENTERTAIN: "Entertainment",
  EVENT_PLAN: "Events", FINANCE: "Finance and banking", GROCERY: "Food and groceries", GOVT: "Public service", HOTEL: "Hotel and lodging", HEALTH: "Health",
  NONPROFIT: "Non-profit", PROF_SERVICES: "Professional services", RETAIL: "Shopping and retail", TRAVEL: "Travel and transport", RESTAURANT: "Restaurant",
  ALCOHOL: "Alcoholic drinks", ONLINE_GAMBLING: "Online gambling", PHYSICAL_GAMBLING: "Gambling", OTC_DRUGS: "Over-the-counter medicine", MATRIMONY_SERVICE: "Matrimony service",
};

export const verticalName = (word: string): string => names[word] ?? word;

export type ProfileFault = { field: keyof typeof MOST | "website2"; over: number };

/** Which fields Meta would refuse: `over` is by how many characters, 0 for another fault. */
export function faults({ about, address, description, email, websites }: Profile, hadAbout: boolean): ProfileFault[] {
  const long = (field: keyof typeof MOST, text: string) => ([...text].length > MOST[field] ? [{ field, over: [...text].length - MOST[field] }] : []);
  const sites = [0, 1].flatMap((index): ProfileFault[] => {
    const site = websites[index] ?? "";
    const field = index === 0 ? "website" : "website2";
    if (site !== "" && !/^https?:\/\/\S+\.\S+/.test(site)) return [{ field, over: 0 }];
    return [...site].length > MOST.website ? [{ field, over: [...site].length - MOST.website }] : [];
  });
  const emptied: ProfileFault[] = hadAbout && about.trim() === "" ? [{ field: "about", over: 0 }] : [];
  const odd: ProfileFault[] = email !== "" && !/^\S+@\S+\.\S+$/.test(email) ? [{ field: "email", over: 0 }] : [];
  return [...emptied, ...long("about", about), ...long("address", address), ...long("description", description), ...odd, ...long("email", email), ...sites];
}
