/** The dashboard, as an agent sees it. */

export function inboxOn(page) {
  const list = page.getByRole("list").filter({ has: page.getByRole("listitem") });
  const row = (words) => page.getByRole("listitem").filter({ hasText: words });
  const log = page.getByRole("log");
  const composer = page.locator("textarea");

  return {
    page,
    list,
    row,
    log,
    composer,
    async signsIn(email, password) {
      await page.getByLabel("E-mail", { exact: true }).fill(email);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("navigation", { name: "Main" }).waitFor();
    },
    /** Waits for the row with these words and opens it. */
    async opens(words) {
      await row(words).locator("button").click();
      await composer.waitFor();
    },
    async says(words) {
      await composer.fill(words);
      await composer.press("Enter");
    },
    message: (words) => log.locator("article", { hasText: words }),
    sees: (words) => log.locator("article", { hasText: words }).first().waitFor(),
    signInForm: page.getByRole("button", { name: "Sign in" }),
  };
}
