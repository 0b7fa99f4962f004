import { afterAll, beforeAll, describe } from "vitest";
import { bootedLab } from "../../machines/booted.js";
import { operatorOf } from "../../machines/operator.js";
import { debianPackage } from "../../machines/package.js";
import { cannotBoot, surroundings } from "../../machines/requirements.js";
import { debianRoot } from "../../machines/root.js";
import { machinesBoot } from "./boot.js";
import { drillsKeepTheirPromises } from "./drills.js";
import { siteBringsAgents, siteInstalls } from "./install.js";
import { masterSeesEverything } from "./mirror.js";
import { sessionsAreShared } from "./multiplexer.js";
import { networkdTakesAddresses } from "./networkd.js";
import { playbookDrills } from "./node-drills.js";
import { unitsStandIn } from "./orphans.js";
import { preflightBeforeTheFirstApply, preflightOfThePair } from "./preflight.js";
import { rebootsAreQuiet } from "./reboot.js";
import { removeLeavesNothing } from "./remove.js";
import { nodesAreReplaced } from "./replace.js";
import { type Site, stage, topology } from "./site.js";
import { upgradeLosesNothing } from "./upgrade.js";

const obstacle = cannotBoot(surroundings());
const progress = (text: string): void => void process.stderr.write(`machines: ${text}\n`);

/** The chapters build on each other, in this order: what was installed is upgraded, and at last removed. */
describe.skipIf(obstacle !== null)(`on booted machines${obstacle === null ? "" : ` (${obstacle})`}`, () => {
  const site = { stages: [], installed: false } as unknown as Site;

  beforeAll(async () => {
    await stage(site, "the Debian root", () => debianRoot(progress));
    site.packages = await stage(site, "two packages", async () => ({
      first: await debianPackage(),
      second: await debianPackage("next"),
    }));
    site.lab = await stage(site, "fresh machines", () => bootedLab(topology.cluster, progress));
    site.operator = operatorOf(site.lab, topology.text);
  }, 600_000);
  afterAll(async () => {
    await stage(site, "cleaning up", async () => site.lab?.down());
    const all = site.stages.reduce((sum, { took }) => sum + took, 0);
    progress(`${(all / 1_000).toFixed(0)} s in all`);
  });

  machinesBoot(site);
  siteBringsAgents(site);
  preflightBeforeTheFirstApply(site);
  siteInstalls(site);
  preflightOfThePair(site);
  masterSeesEverything(site);
  sessionsAreShared(site);
  drillsKeepTheirPromises(site);
  playbookDrills(site);
  unitsStandIn(site);
  networkdTakesAddresses(site);
  rebootsAreQuiet(site);
  upgradeLosesNothing(site);
  nodesAreReplaced(site);
  removeLeavesNothing(site);
});
