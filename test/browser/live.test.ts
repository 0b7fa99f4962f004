import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { agentsOfLab } from "../../src/cli/agents.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { withDesk } from "../lab/desk.js";
import { calmLab } from "../lab/promises.js";
import { ensureBuilt, example, labFor } from "../lab/topology.js";
import { browserOn, signedIn } from "./live-page.js";

const topology = withDesk(example("pair", "lab-browser"));
const { cluster } = topology;
let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  await ensureBuilt();
  lab = await labFor(topology, { switches: 2 });
  browser = await browserOn(lab, "desk");
});
beforeEach(async () => void (await calmLab(lab)));
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await labDown(cluster.name);
});

const verdict = (page: Page) => page.locator(".verdict").textContent();

/** For the documents, where somebody asks for pictures: HOLDFAST_PICTURES is the directory. */
async function pictured(page: Page, name: string): Promise<void> {
  const directory = process.env.HOLDFAST_PICTURES;
  if (directory) await page.screenshot({ path: `${directory}/${name}.png` });
}

/** Resolves to the moment at which the page showed these words, by the clock of this machine. */
const shownAt = (page: Page, words: string): Promise<number> =>
  page.evaluate(`inPage.shownAt(${JSON.stringify(words)})`);

test("after a power loss the page of the node that is left shows the new owner within a second", async ({
  annotate,
}) => {
  const { active, standby } = await calmLab(lab);
  const { page, complaints } = await signedIn(browser, lab, standby);
  await expect.poll(() => verdict(page)).toContain(`${active} is active`);
  const shown = shownAt(page, `${standby} is active`);
  const lost = Date.now();
  await lab.faults.powerOff(active);
  try {
    const after = (await shown) - lost;
    await annotate(`the new owner was shown ${after} ms after the power loss`);
    expect(after).toBeLessThan(1_000);
    // That the other one does not answer any more is said, too.
    await expect.poll(() => page.locator(".because").textContent(), { timeout: 15_000 }).toContain(active);
    expect(complaints).toEqual([]);
  } finally {
    await lab.faults.powerOn(active);
  }
});

test("the page of a node that lost its power says so, and says where the same page is", async () => {
  const { active, standby } = await calmLab(lab);
  const { page } = await signedIn(browser, lab, active);
  await expect.poll(() => page.locator("h1").textContent()).toBe(cluster.name);
  await lab.faults.powerOff(active);
  try {
    await expect.poll(() => verdict(page), { timeout: 60_000 }).toContain("does not answer");
    await expect.poll(() => page.locator(`header a`).allInnerTexts()).toContain(standby);
  } finally {
    await lab.faults.powerOn(active);
  }
  await calmLab(lab);
  await expect
    .poll(() => page.locator(".verdict, .door").first().textContent(), { timeout: 30_000 })
    .not.toContain("does not answer");
});

test.each([
  { width: 1_100, dark: false },
  { width: 1_100, dark: true },
  { width: 360, dark: false },
  { width: 360, dark: true },
])("nothing stands in anybody's way, and nothing sideways, at %o", async (view) => {
  const { page, complaints } = await signedIn(browser, lab, "lb-a", view);
  await expect.poll(() => verdict(page), { timeout: 15_000 }).toContain("healthy");
  expect(await page.evaluate("inPage.violations()")).toEqual([]);
  expect(await page.evaluate("inPage.sideways()")).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
  await pictured(page, `dashboard-${view.width}-${view.dark ? "dark" : "light"}`);
});

test("something is painted within a second, and the verdict soon after", async ({ annotate }) => {
  const { page } = await signedIn(browser, lab, "lb-a");
  const cold = await page.evaluate<number>("inPage.firstPaint()");
  const from = Date.now();
  await page.reload();
  await page.locator(".verdict").waitFor();
  const verdictAfter = Date.now() - from;
  const again = await page.evaluate<number>("inPage.firstPaint()");
  await annotate(
    `first paint ${Math.round(cold)} ms, again ${Math.round(again)} ms, verdict ${verdictAfter} ms`,
  );
  expect(Math.max(cold, again)).toBeLessThan(1_000);
});

test("twenty pages cost an agent no more than 30 MB", { timeout: 300_000 }, async ({ annotate }) => {
  const memory = async () => {
    const agents = await agentsOfLab(lab);
    const [agent] = agents.filter(({ node }) => node === "lb-b");
    const text = (await agent?.client.call("metrics", {}, { timeout: 5_000 })) ?? "";
    for (const { client } of agents) client.close();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
  };
  const before = await memory();
  const pages: Page[] = [];
  for (let each = 0; each < 20; each += 1) pages.push((await signedIn(browser, lab, "lb-b")).page);
  await expect
    .poll(() => Promise.all(pages.map(verdict)), { timeout: 30_000 })
    .toSatisfy((words: string[]) => words.every((each) => each.includes("healthy")));
  await sleep(5_000);
  const more = (await memory()) - before;
  await annotate(`${more.toFixed(1)} MB more than ${before.toFixed(1)}`);
  expect(more).toBeLessThan(30);
});
