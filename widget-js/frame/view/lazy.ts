/** Parts of the screen that come when they are needed. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The component once it is here, null until then; a network that went is tried again with the next wish. */
export function useLazy<P>(isWanted: boolean, load: () => Promise<ComponentType<P>>): ComponentType<P> | null {
  const [found, setFound] = useState<{ part: ComponentType<P> } | null>(null);
  useEffect(() => {
    if (!isWanted || found) return;
    load().then(
      (part) => setFound({ part }),
      () => {},
    );
  }, [isWanted]);
  return found?.part ?? null;
}
