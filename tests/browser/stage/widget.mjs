/** The widget on somebody's page, as its visitor sees it. */

/** What every widget of the tests greets with: said by nobody, so not counted among what was said. */
export const GREETING = "Hello! How can we help?";

export function widgetOn(page) {
  const host = page.locator("porchlight-widget");
  const launcher = host.locator("button.launcher");
  const frame = page.frameLocator("porchlight-widget iframe");
  const box = frame.getByRole("textbox", { name: "Message" });
  const bubble = (words) => frame.locator(".bubble", { hasText: words });
  const inState = (state, words) => {
    const row = frame.locator(".row.mine", words ? { has: page.locator(".bubble", { hasText: words }) } : {});
    // a state may be passed through faster than anybody can look
    const further = { sent: [".sent", ".delivered", ".read"], delivered: [".delivered", ".read"] }[state] ?? [`.${state}`];
    return row.locator(`.meta .state:is(${further.join()})`).last();
  };

  return {
    page,
    host,
    launcher,
    frame,
    box,
    bubble,
    badge: launcher.locator("b"),
    banner: frame.locator(".banner"),
    typing: frame.locator(".typing"),
    async opens() {
      await launcher.click();
      await box.waitFor();
    },
    async closes() {
      await launcher.click();
      await box.waitFor({ state: "hidden" });
    },
    async says(words) {
      await box.fill(words);
      await box.press("Enter");
    },
    sees: (words) => bubble(words).first().waitFor(),
    /** Waits until the visitor's newest message, or the one with these words, is in this state or further. */
    reaches: (state, words) => inState(state, words).waitFor(),
    /** What was said, oldest first. */
    async words() {
      const all = await frame.locator(".row:not(.typing) .bubble").allInnerTexts();
      return all.filter((one) => one !== GREETING);
    },
  };
}
