import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { agentsOfLab } from "../../src/cli/agents.js";
import { applyTopology } from "../../src/cli/apply-topology.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { withDesk } from "../lab/desk.js";
import { calmLab } from "../lab/promises.js";
import { edited, ensureBuilt, example, labFor } from "../lab/topology.js";
import { browserOn, signedIn } from "./live-page.js";

const topology = withDesk(example("pair", "lab-deeds"));
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

const long = { timeout: 30_000 };

/** Opens a dialog by its button, and presses the one in it that says this. Resolves to what came of it. */
async function does(page: Page, opener: string, words: RegExp): Promise<string> {
  await page.getByRole("button", { name: opener }).click();
  const dialog = page.getByRole("dialog");
  expect(await page.evaluate("inPage.violations()")).toEqual([]);
  await dialog.getByRole("button", { name: words }).click();
  const outcome = dialog.locator(".outcome.done");
  await outcome.waitFor(long);
  const said = (await outcome.textContent()) ?? "";
  await dialog.getByRole("button", { name: "Close" }).click();
  return said;
}

test("a planned move is looked at first, asked for by keyboard, and told with its gap", async () => {
  const { active, standby } = await calmLab(lab);
  const { page, complaints } = await signedIn(browser, lab, standby);
  await page.getByText(`It is safe to switch to ${standby} now.`).waitFor(long);
  await page.getByRole("button", { name: "Switch over…" }).focus();
  await page.keyboard.press("Enter");
  const move = page.getByRole("button", { name: `Move the virtual IPs from ${active} to ${standby}` });
  await expect.poll(() => move.isEnabled(), long).toBe(true);
  await move.focus();
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.locator(".outcome").textContent(), long)
    .toMatch(new RegExp(`${active} -> ${standby}: gap \\d+ ms`));
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".verdict").textContent(), long).toContain(`${standby} is active`);
  expect(complaints).toEqual([]);
});

test("a node is taken out of service and put back", async () => {
  const { page, complaints } = await signedIn(browser, lab, "lb-a");
  expect(await does(page, "Take lb-b out…", /Take lb-b out of service/)).toContain("lb-b is out of service.");
  await expect.poll(() => page.locator(".verdict").textContent(), long).toContain("nobody could take over");
  expect(await does(page, "Put lb-b back…", /Put lb-b back into service/)).toContain("lb-b is in service.");
  expect(complaints).toEqual([]);
});

test("a generation on trial is kept, an older one is brought back, and a trial is ended", async () => {
  const change = async (...edits: Parameters<typeof edited> extends [unknown, ...infer E] ? E : never) => {
    const agents = await agentsOfLab(lab);
    const wanted = { topology: edited(topology, ...edits).text, confirmTimeout: 60_000 };
    await applyTopology(agents, wanted, () => undefined, AbortSignal.timeout(30_000));
  };
  const { page, complaints } = await signedIn(browser, lab, "lb-b");
  await change(["balance: source", "balance: leastconn"]);
  expect(await does(page, "Confirm…", /Keep it on every node/)).toContain("Generation 2 is kept");
  await calmLab(lab);
  await page.getByRole("button", { name: "Bring 1 back…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("On trial").selectOption({ label: "no trial: keep it at once" });
  const back = dialog.getByRole("button", { name: /Apply the topology of generation 1 again/ });
  await expect.poll(() => back.isEnabled(), long).toBe(true);
  await back.click();
  await dialog.locator(".outcome.done").waitFor(long);
  await dialog.getByRole("button", { name: "Close" }).click();
  await calmLab(lab);
  await change(["balance: source", "balance: roundrobin"]);
  await does(page, "Go back…", /Go back to the generation before/);
  await calmLab(lab);
  expect(complaints).toEqual([]);
});

test("a viewer is told why he may not", async () => {
  const { page } = await signedIn(browser, lab, "lb-a", { viewer: true });
  const button = page.getByRole("button", { name: "Switch over…" });
  await button.waitFor(long);
  expect(await button.isDisabled()).toBe(true);
  expect(await page.locator("#do").textContent()).toContain("only an operator may act");
});
