/** Who the visitor is: by the site's word, by its signature, or as they say themselves. */

import { Problem } from "../../wire/rest";
import type { Profile } from "../../wire/port";
import type { Visitor } from "../../wire/types";
import { API } from "./api";
import type { Engine } from "./engine";

export interface ProfileKeeper {
  identity(): string | null;
  identify(token: string): void;
  /** The site's word; kept here until the visitor has acted. */
  set(profile: Profile): void;
  save(): void;
  saveIfKnown(): void;
  saveContact(given: { name?: string; email?: string }): Promise<void>;
  dismissAsk(): void;
}

export function createProfile(engine: Engine): ProfileKeeper {
  let identity: string | null = null;
  let profile: Profile | null = null;

  async function save() {
    const given = profile;
    profile = null;
    const body = Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null));
    if (!Object.keys(body).length) return;
    try {
      engine.change({ visitor: await engine.rest.patch<Visitor>(`${API}/visitor`, body) });
    } catch (error) {
      if (error instanceof Problem && error.temporary) profile = given;
      else engine.bridge.tell({ type: "error", code: error instanceof Problem ? error.code : "unknown" });
    }
  }

  function saveIfKnown() {
    const isKnown = engine.keep.get("handle") !== null || engine.store.get().visitor?.known === true;
    if (isKnown) void save();
  }

  async function saveContact(given: { name?: string; email?: string }) {
    engine.change({ visitor: await engine.rest.patch<Visitor>(`${API}/visitor`, given) });
    dismissAsk();
  }

  function dismissAsk() {
    // The card only comes after the first message, so the visitor has acted and we may remember.
    engine.keep.set("asked", "1");
    engine.change({ hasAnsweredAsk: true });
  }

  return {
    identity: () => identity,
    identify(token) {
      identity = token;
      engine.session.enter().catch(engine.entrance.refusedBy);
    },
    set(given) {
      profile = given;
      if (engine.session.current()) saveIfKnown();
    },
    save: () => void save(),
    saveIfKnown,
    saveContact,
    dismissAsk,
  };
}
