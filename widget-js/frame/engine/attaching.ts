/** The way to the part that does everything with files, which comes when it is needed. */

import { backOff, realClock } from "../../wire/clock";
import type { OutboxItem } from "../../wire/outbox";
import { isUploaded, type AttachedFile } from "../../wire/upload_message";
import type { FilePart } from "../files";
import { hasFilesLeft } from "../keep";
import { loadFiles } from "../parts";
import type { Words } from "../state";
import type { Engine } from "./engine";

export interface Attaching {
  /** Somebody is about to attach something, or there is something to show. */
  warm(): void;
  attach(files: readonly globalThis.File[]): void;
  take(): AttachedFile[];
  retry(item: OutboxItem<Words>): void;
  discard(item: OutboxItem<Words>): void;
  /** The outbox changed. */
  changed(items: readonly OutboxItem<Words>[]): void;
  /** Take over what an earlier page left. */
  resume(): Promise<void>;
  wake(): void;
}

export function createAttaching(engine: Engine): Attaching {
  let part: FilePart | null = null;
  let loading: Promise<FilePart> | null = null;

  function load(): Promise<FilePart> {
    loading ??= loadFiles().then(
      (files) => begin(files.createFiles(engine)),
      (error: unknown) => {
        // The network went just now: the next wish tries again.
        loading = null;
        throw error;
      },
    );
    return loading;
  }

  function begin(made: FilePart): FilePart {
    engine.change({ part: made, isFetchingPart: false });
    return (part = made);
  }

  /** What a person has chosen is not lost because the network went just then. */
  async function surely(): Promise<FilePart> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await load();
      } catch {
        engine.change({ isFetchingPart: true });
        await new Promise((go) => setTimeout(go, backOff(attempt, realClock, 1_000)));
      }
    }
  }

  const later = (run: (made: FilePart) => unknown) => void load().then(run, () => {});

  return {
    warm: () => later(() => {}),
    attach: (files) => void surely().then((made) => made.attach(files)),
    take: () => part?.take() ?? [],
    retry: ({ client_id }) => later((made) => made.feed.retry(client_id)),
    discard: ({ client_id }) => later((made) => made.feed.discard(client_id)),
    changed(items) {
      if (part) part.feed.changed(items);
      else if (items.some((item) => !isUploaded(item))) later(() => {});
    },
    async resume() {
      if (await hasFilesLeft(engine.widget, engine.keep)) later((made) => made.resume());
    },
    wake: () => part?.uploads.wake(),
  };
}
