/** Starts the panel once the loader has handed over its port. */

import "./style.css";
import { render } from "preact";
import { awaitBridge } from "./bridge";
import { createChat, type Chat } from "./chat";
import { useLocale } from "./i18n";
import { allowSound } from "./sound";
import { paint } from "./theme";
import { App } from "./view/app";

const dark = matchMedia("(prefers-color-scheme: dark)");

async function main() {
  const bridge = await awaitBridge();
  allowSound();
  let chat: Chat | null = null;
  bridge.listen((message) => {
    if (message.type === "locale") void speak(message.locale);
    else if (message.type === "init" && !chat) begin((chat = createChat(bridge, message)), message.locale);
    else chat?.hear(message);
  });

  function begin(mine: Chat, locale: string) {
    const repaint = () => {
      const { theme, config } = mine.store.get();
      const wanted = theme ?? config.settings.theme;
      paint(document.documentElement, config.settings.color, wanted === "dark" || (wanted === "auto" && dark.matches));
    };
    let shown = mine.store.get().theme;
    mine.store.subscribe(() => {
      if (mine.store.get().theme === shown) return;
      shown = mine.store.get().theme;
      repaint();
    });
    dark.addEventListener("change", repaint);
    repaint();
    mine.start();
    void speak(locale).then(() => bridge.tell({ type: "ready" }));
  }

  async function speak(locale: string) {
    const spoken = await useLocale(locale);
    if (!chat) return;
    document.title = chat.store.get().config.settings.title || document.title;
    chat.store.dispatch({ type: "changed", change: { locale: spoken } });
    // Words are looked up while drawing: another language is another drawing.
    render(<App key={spoken} chat={chat} />, document.getElementById("root")!);
  }
}

void main();
