/** Something to hear or to watch: its card until it is near, then the player. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FileTools } from ".";
import type { ShownFile } from "./shown";
import { FileCard } from "./card";
import { Player } from "./player";

export function Media({ file, tools }: { file: ShownFile; tools: FileTools }) {
  const box = useRef<HTMLDivElement>(null);
  const isNear = useNear(box);
  return (
    <div class={`media ${file.kind}`} ref={box}>
      <div class="stage">{isNear && <Player file={file} tools={tools} />}</div>
      <FileCard file={file} tools={tools} />
    </div>
  );
}

function useNear(box: { readonly current: HTMLElement | null }): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), { rootMargin: "200px" });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return isNear;
}
