/** Which tab has an upload: a lock that ends with the tab, so that the next page knows what was left behind. */

/** For `UploadsOptions.claim`; without locks every page believes that everything is its own. */
export function uploadClaim(name: string): (id: string) => Promise<(() => void) | null> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  return (id) =>
    new Promise((resolve) => {
      if (!locks) return resolve(() => {});
      const held = (lock: Lock | null) => (lock ? new Promise<void>((release) => resolve(release)) : resolve(null));
      // Refused altogether, as in a frame whose storage is blocked: nobody else has anything either.
      locks.request(`${name}/${id}`, { ifAvailable: true }, held).catch(() => resolve(() => {}));
    });
}
