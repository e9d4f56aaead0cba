/** The inbox's files: what goes up, what waits in trays, and the addresses of what is there. */
import { createUploads, indexedDbUploads, uploadClaim, type Upload, type Uploads } from "wire";
import { rest, session } from "../session.ts";
import type { State } from "../inbox/state.ts";
import type { Store } from "../inbox/store.ts";
import { fileState, removeFile } from "./api.ts";
import { fileLinks, type FileLinks } from "./links.ts";
import { trays, type Trays } from "./trays.ts";

export interface FilesPart {
  uploads: Uploads;
  trays: Trays;
  links: FileLinks;
}

export function filesPart(store: Store<State>, person: string, shelf: Storage, changed: () => void): FilesPart {
  const name = `porchlight.uploads.${person}`;
  const links = fileLinks(rest);
  const uploads = createUploads({
    url: "/v1/files",
    token: (stale) => session.fresh(stale),
    state: fileState,
    remove: removeFile,
    store: indexedDbUploads(name),
    claim: uploadClaim(name),
    onChange: (all) => heard(all),
  });
  const kept = trays({ store, shelf, person, uploads, links });

  function heard(all: Upload[]) {
    store.set((state) => ({ ...state, uploads: all }));
    kept.named(all);
    changed();
  }

  return { uploads, trays: kept, links };
}
