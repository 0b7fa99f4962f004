// What tests ask inside the page; brought in by the browser's own door, which no policy of the page's can close.
globalThis.inPage = {
  /** Resolves to the moment at which the verdict had these words and was painted, by the clock of this machine. */
  shownAt: (words) =>
    new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(".verdict")?.textContent?.includes(words)) return;
        watch.disconnect();
        requestAnimationFrame(() => resolve(Date.now()));
      };
      const watch = new MutationObserver(look);
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
    }),
  /** Milliseconds from the navigation on until something was painted that is not only a ground (Paint Timing). */
  firstPaint: () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  /** Violations of accessibility rules, a sentence each. */
  async violations() {
    const { violations } = await globalThis.axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  },
  /** Pixels by which the page is wider than its window. */
  sideways: () => document.documentElement.scrollWidth - innerWidth,
};
