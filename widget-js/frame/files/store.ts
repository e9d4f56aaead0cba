/** Where bytes wait to be sent: no database until somebody attaches something. */

import { indexedDbUploads, type UploadStore } from "../../wire/upload_store";
import type { Engine } from "../engine/engine";
import { FILES, hasFilesLeft } from "../keep";

export function lateUploads({ widget, keep }: Engine): UploadStore {
  const store = indexedDbUploads(`porchlight/${widget}/files`);
  let isOpen = false;
  const isUsed = async () => isOpen || (await hasFilesLeft(widget, keep));
  return {
    all: async () => ((await isUsed()) ? store.all() : []),
    async put(record) {
      isOpen = true;
      keep.set(FILES, "1");
      await store.put(record);
    },
    async remove(id) {
      if (await isUsed()) await store.remove(id);
    },
  };
}
