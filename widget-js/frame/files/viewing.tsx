/** Which picture is looked at, and the viewer, fetched with the first one. */

import type { FileTools } from ".";
import type { ThreadState } from "../../wire/inbox";
import { fromFile, isViewable } from "./shown";
import { loadLightbox } from "../parts";
import { useLazy } from "../view/lazy";

const lightbox = () => loadLightbox().then((part) => part.Lightbox);

export interface ViewingProps {
  /** Its pictures can be leafed through. */
  thread: ThreadState | null;
  id: string | null;
  tools: FileTools;
  onShow(id: string | null): void;
}

export function Viewing({ thread, id, tools, onShow }: ViewingProps) {
  const Lightbox = useLazy(id !== null, lightbox);
  if (!Lightbox || id === null) return null;
  const pictures = (thread?.messages ?? []).flatMap((message) => message.files.map(fromFile)).filter(isViewable);
  return <Lightbox pictures={pictures} id={id} tools={tools} onShow={onShow} onClose={() => onShow(null)} />;
}
