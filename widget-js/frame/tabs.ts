/**
 * Several tabs of one site, one connection: the leader holds the socket, the others listen.
 *
 * Leadership is a Web Lock, so it passes on when a tab closes or crashes. A tab that comes to
 * the front and hears nothing from the leader (a phone put it to sleep) takes the lock away.
 * Without locks every tab leads itself.
 */

export interface TabsOptions<M> {
  name: string;
  /** Become the leader; answers how to stop being it. */
  lead(): () => void;
  heard(message: M): void;
}

export interface Tabs<M> {
  post(message: M): void;
  isLeader(): boolean;
  close(): void;
}

const ANSWER_MS = 1500;
const WHO = "who";
const HERE = "here";

export function createTabs<M>(options: TabsOptions<M>): Tabs<M> {
  const locks: LockManager | undefined = navigator.locks;
  const channel = openChannel(options.name);
  const ending = new AbortController();
  let stopLeading: (() => void) | null = null;
  let release = () => {};
  let unanswered = 0;

  async function stand(steal: boolean) {
    let hasHeld = false;
    try {
      await locks!.request(options.name, steal ? { steal } : { signal: ending.signal }, () => ((hasHeld = true), hold()));
    } catch {
      if (ending.signal.aborted) return;
      // Refused outright, as in a frame whose storage is blocked: then nobody else is in line either.
      if (!hasHeld) return step(true);
      // Taken away by a livelier tab: stand in line again.
      step(false);
      void stand(false);
    }
  }

  function hold(): Promise<void> {
    step(true);
    return new Promise((done) => (release = done));
  }

  function step(up: boolean) {
    if (up) stopLeading ??= options.lead();
    else {
      stopLeading?.();
      stopLeading = null;
    }
  }

  function ask() {
    if (document.visibilityState !== "visible" || stopLeading || !locks) return;
    channel?.postMessage(WHO);
    clearTimeout(unanswered);
    unanswered = window.setTimeout(() => !stopLeading && void stand(true), ANSWER_MS);
  }

  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data === WHO) return void (stopLeading && channel.postMessage(HERE));
      clearTimeout(unanswered);
      if (data !== HERE) options.heard(data as M);
    };
  }
  document.addEventListener("visibilitychange", ask);
  if (locks && channel) void stand(false);
  else step(true);

  return {
    post: (message) => channel?.postMessage(message),
    isLeader: () => stopLeading !== null,
    close() {
      ending.abort();
      clearTimeout(unanswered);
      document.removeEventListener("visibilitychange", ask);
      step(false);
      release();
      channel?.close();
    },
  };
}

function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
