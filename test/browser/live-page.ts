import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { agentsOfLab } from "../../src/cli/agents.js";
import type { Lab } from "../../src/lab/lab.js";
import { namespaceOf } from "../../src/lab/names.js";

const inPage = [
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  fileURLToPath(new URL("in-page.js", import.meta.url)),
];
const inNetwork = fileURLToPath(new URL("chromium.sh", import.meta.url));

/** A browser that stands on a machine of the lab. */
export const browserOn = (lab: Lab, machine: string): Promise<Browser> =>
  chromium.launch({
    executablePath: inNetwork,
    env: {
      ...process.env,
      HOLDFAST_NETWORK: `/run/netns/${namespaceOf(lab.cluster.name, machine)}`,
    },
    // As root there is no sandbox; /dev/shm of a container is small.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });

export interface Shown {
  readonly page: Page;
  /** What the console said that is a warning or worse, and errors that nobody caught. */
  readonly complaints: string[];
}

/** How it is looked at. */
export interface View {
  readonly width?: number;
  readonly dark?: boolean;
  readonly viewer?: boolean;
}

/** A page of a node's agent, for somebody who signed in with a code. */
export async function signedIn(browser: Browser, lab: Lab, node: string, view: View = {}): Promise<Shown> {
  const { width = 1_100, dark = false, viewer = false } = view;
  const agents = await agentsOfLab(lab);
  const agent = agents.find((each) => each.node === node);
  if (agent === undefined) throw new Error(`${node} has no agent`);
  const { code, place } = await agent.client.call("signInCode", { body: { viewer } }, { timeout: 5_000 });
  for (const { client } of agents) client.close();
  const context = await browser.newContext({
    // The lab's own authority, which no browser knows.
    ignoreHTTPSErrors: true,
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
  });
  for (const path of inPage) await context.addInitScript({ path });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`https://${place}/#code=${code}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".verdict").waitFor({ timeout: 15_000 });
  return { page, complaints };
}
