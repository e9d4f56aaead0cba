/**
 * How far the server's log has been read: events go on in order, and wait while the state
 * they belong to is being loaded anew.
 */

import type { LiveEvent, Position } from "./types";

export interface LogOptions {
  onEvent(event: LiveEvent): void;
  onReset(): Promise<Position | null>;
}

export class LiveLog {
  after: Position | null = null;
  /** A reset was begun and has not succeeded: until one has, nothing can be resumed. */
  isResetOwed = false;
  #held: LiveEvent[] | null = null;

  constructor(readonly options: LogOptions) {}

  get isHeld(): boolean {
    return this.#held !== null;
  }

  startFrom(position: Position | null) {
    this.after = position;
    this.isResetOwed = false;
    this.#held = null;
  }

  deliver(event: LiveEvent) {
    if (this.#held) return void this.#held.push(event);
    if (typeof event.position === "string") this.after = event.position;
    this.options.onEvent(event);
  }

  /**
   * The state is loaded anew; what happens meanwhile waits its turn behind it. Throws when it
   * could not be loaded. `isCurrent` says whether the connection that asked is still the one.
   */
  async reset(position: Position, isCurrent: () => boolean): Promise<void> {
    const held: LiveEvent[] = (this.#held = []);
    this.isResetOwed = true;
    try {
      const snapshot = await this.options.onReset();
      if (!isCurrent()) return;
      this.after = snapshot ?? position;
      this.isResetOwed = false;
      this.#held = null;
      for (const event of held) this.deliver(event);
    } catch (error) {
      // A later reset holds its own.
      if (this.#held === held) this.#held = null;
      throw error;
    }
  }

  /** The same where nothing can happen meanwhile, because events come only when asked for. */
  async resetInPeace(position: Position): Promise<void> {
    this.isResetOwed = true;
    this.#held = null;
    this.after = (await this.options.onReset()) ?? position;
    this.isResetOwed = false;
  }
}
