/**
 * What the two halves of the loader share: the part every page pays for, and the panel, which
 * comes with the first hint of interest. Both are built apart, so this is types only.
 */

import type { ToFrame } from "../wire/port";
import type { Theme } from "../wire/types";
import type { Answer } from "./bootstrap";
import type { Words } from "./words";

export interface Core {
  base: string;
  box: HTMLElement;
  root: ShadowRoot;
  /** Empty but for the frame, and not shown yet. */
  panel: HTMLElement;
  /** Already on its way when the panel's code arrives. */
  frame: HTMLIFrameElement;
  origin: string;
  /** The last word on each subject, for a frame that is not there yet or comes again. */
  told: Map<string, ToFrame>;
  isInline: boolean;
  title: string;
  words(): Words;
  language(): string;
  theme(): Theme | null;
  isOpen(): boolean;
  /** A person opened it, not a timer or the page itself on loading. */
  isAsked(): boolean;
  answer(): Answer;
  /** A ticket nobody has used: the one we hold, or a new one. */
  ticket(): Promise<string>;
  unread(count: number): void;
  close(): void;
  emit(event: string, detail: unknown): void;
}

export interface Panel {
  tell(message: ToFrame): void;
  /** Open, shape or theme changed. */
  dressed(): void;
  remove(): void;
}

export interface PanelModule {
  attach(core: Core): Panel;
}
