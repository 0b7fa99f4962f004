import { type BootedLab, bootedLab } from "../machines/booted.js";
import { type Operator, operatorOf } from "../machines/operator.js";
import { debianPackage } from "../machines/package.js";
import { cannotBoot, surroundings } from "../machines/requirements.js";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { powerLoss } from "./blows.js";
import { type Cost, watchFromClient } from "./client-watch.js";
import { strikeIn, strikeRepeatedly } from "./failover.js";
import { benchTopology, ofTopology, type Pair } from "./pairs/pair.js";
import { median } from "./statistics.js";
import { figureOf, type Trial } from "./trial.js";

const profiles = ["balanced", "fast"] as const;
type Profile = (typeof profiles)[number];

/** Whether the lab tells the truth: the same blow to nodes that are namespaces, and to nodes that boot Debian. */
export const machinesPowerLoss: Bench = {
  name: "machines-power-loss",
  summary: "power loss of a machine that boots Debian, beside one of the lab",
  async run(options) {
    const obstacle = cannotBoot(surroundings());
    if (obstacle !== null) throw new Error(obstacle);
    const inLab = new Map<Profile, Bar>();
    for (const profile of profiles)
      inLab.set(profile, figure(profile, "lab", await strikeRepeatedly(pairAt(profile), powerLoss, options)));
    const onMachines = await strikeMachines(options);
    return profiles.flatMap((profile) => {
      const [lab, machines] = [inLab.get(profile), onMachines.get(profile)];
      return lab && machines ? [lab, machines, difference(profile, lab, machines)] : [];
    });
  },
};

/** Installed as an operator does it, once; the second profile is a topology that is applied. */
async function strikeMachines(options: BenchOptions): Promise<Map<Profile, Bar>> {
  const { progress, signal } = options;
  const file = await debianPackage();
  const lab = await bootedLab(machinesAt(profiles[0]).cluster, progress);
  try {
    progress("installing the nodes");
    const played = await operatorOf(lab, textAt(profiles[0])).ansible("site.yml", [], {
      holdfast_package: file,
    });
    if (played.exitCode !== 0) throw new Error(played.said);
    const figures = new Map<Profile, Bar>();
    for (const profile of profiles) {
      signal.throwIfAborted();
      const operator = operatorOf(lab, textAt(profile));
      if (profile === profiles[0]) await operator.certify();
      else await apply(operator);
      figures.set(profile, figure(profile, "machines", await strikeAll(lab, machinesAt(profile), options)));
    }
    return figures;
  } finally {
    await lab.down();
  }
}

async function strikeAll(lab: BootedLab, pair: Pair, options: BenchOptions): Promise<Trial<Cost>[]> {
  const watch = await watchFromClient(lab);
  try {
    return await strikeIn({ pair, lab, watch }, powerLoss, options);
  } finally {
    await watch.stop();
  }
}

async function apply(operator: Operator): Promise<void> {
  await operator.settled(); // The last blow has just been mended.
  const { exitCode, stdout, stderr } = await operator.holdfast("apply", "--yes");
  if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
}

const figure = (profile: Profile, where: "lab" | "machines", trials: readonly Trial<Cost>[]): Bar =>
  figureOf(
    trials.map(({ cost, stalls }) => ({ cost: cost.address, stalls })),
    {
      ...{ name: `power loss, ${profile}, ${where} (median)`, of: median, atMost: null },
      limit: pairAt(profile).detection,
    },
  );

const difference = (profile: Profile, lab: Bar, machines: Bar): Bar => ({
  ...{ name: `power loss, ${profile}: machines from lab`, unit: "%", atMost: 20 },
  figure: Math.abs(machines.figure / lab.figure - 1) * 100,
  detail: "medians of the same run",
});

const pairAt = (profile: Profile): Pair =>
  ofTopology(`lab at ${profile}`, benchTopology().replace("profile: fast", `profile: ${profile}`));

/** A cluster of its own name, and a machine on the management network to work from. */
const textAt = (profile: Profile): string =>
  `${benchTopology()
    .replace("profile: fast", `profile: ${profile}`)
    .replace("cluster: bench", "cluster: bench-machines")}
lab:
  hosts:
    - { name: operator, network: management, address: 10.0.9.250 }
`;

const machinesAt = (profile: Profile): Pair => ofTopology(`machines at ${profile}`, textAt(profile));
