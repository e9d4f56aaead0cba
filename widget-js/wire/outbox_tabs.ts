/** Tabs of one origin that share an outbox: one sends at a time, and all hear of changes. */

export interface TabChannel {
  post(): void;
  listen(heard: () => void): () => void;
}

/** One runner at a time among all tabs of an origin; at once where the browser has no locks or refuses them. */
export function webLock(name: string): <T>(run: () => Promise<T>) => Promise<T> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (!locks) return (run) => run();
  return async (run) => {
    let hasBegun = false;
    try {
      return await locks.request(name, () => ((hasBegun = true), run()));
    } catch (error) {
      // A frame whose storage is blocked is refused its locks too; it has no other tabs to fear.
      if (hasBegun) throw error;
      return run();
    }
  };
}

/** Tabs of one origin telling each other that something changed; silent where unsupported. */
export function tabChannel(name: string): TabChannel {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return { post() {}, listen: () => () => {} };
  }
  return {
    post: () => channel.postMessage("changed"),
    listen(heard) {
      channel.onmessage = () => heard();
      return () => channel.close();
    },
  };
}
