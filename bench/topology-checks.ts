import { installedEngines } from "../src/agent/renderer/installed-engines.js";
import { checkConntrackd } from "../src/deploy/conntrackd.js";
import { runner } from "../src/host/run.js";
import type { Engines } from "../src/render/engines.js";
import { paths } from "../src/render/paths.js";
import { renderMachine } from "../src/render/render.js";
import { vpnPaths } from "../src/render/vpn/places.js";
import type { Cluster } from "../src/topology/cluster.js";
import { loadTopology } from "../src/topology/load.js";
import { type Machine, machinesOf } from "../src/topology/machines.js";
import { plugIn, type Sandbox, sandbox } from "../test/engines/sandbox.js";
import { wildTopology } from "../test/topology/wild-topology.js";
import type { Bench } from "./bench.js";

/** Of what is refused so many say enough. */
const mostTold = 10;
const tellEvery = 100;

/** What is accepted is accepted by the engines, too: one machine of each topology, in namespaces of its own. */
export const topologyChecks: Bench = {
  name: "topology-checks",
  summary:
    "2000 accepted ones of the wild topologies, by the checkers of keepalived, HAProxy, iptables, conntrackd and BIRD",
  runs: 2_000,
  async run({ runs, seed, progress, signal }) {
    const engines = await installedEngines({ run: runner([]) });
    let [checked, refused, each] = [0, 0, (seed - 1) * 1_000_000];
    for (; checked < runs && !signal.aborted; each++) {
      const { cluster } = loadTopology(wildTopology(each));
      if (cluster === null) continue;
      const machines = machinesOf(cluster);
      const machine = machines[each % machines.length];
      if (machine === undefined) continue;
      const words = await refusals(cluster, machine, engines);
      checked += 1;
      if (words.length > 0) refused += 1;
      if (words.length > 0 && refused <= mostTold)
        progress(`seed ${each}, ${machine.name}: ${words.join("; ")}`);
      if (checked % tellEvery === 0) progress(`${checked} of ${runs}, ${refused} refused`);
    }
    return [
      {
        ...{
          name: "accepted topologies that an engine refuses, or that were not had",
          unit: "times",
          atMost: 0,
        },
        figure: refused + runs - checked,
        detail: `${checked} accepted ones among ${each - (seed - 1) * 1_000_000}, seed ${seed}`,
      },
    ];
  },
};

/** What the engines say against a machine's files. */
async function refusals(cluster: Cluster, machine: Machine, engines: Engines): Promise<string[]> {
  const place = await sandbox();
  try {
    if (machine.kind === "node") await plugIn(place, machine.node);
    const files = renderMachine(cluster, machine, engines);
    await place.install(files);
    const there = (path: string) => files.some((file) => file.path === path);
    const commands = [
      [paths.keepalivedConf, "keepalived", "-t", "-f"],
      [paths.haproxyCfg, "haproxy", "-c", "-f"],
      [paths.rulesV4, "iptables-restore", "--test"],
      [paths.rulesV6, "ip6tables-restore", "--test"],
      [vpnPaths.bird, "bird", "-p", "-c"],
    ] as const;
    const said = commands.flatMap(([path, ...argv]) =>
      there(path) ? [accepts(place, [...argv, path])] : [],
    );
    if (there(paths.conntrackdConf)) said.push(checkConntrackd(place, paths.conntrackdConf));
    return (await Promise.all(said)).flatMap((words) => words ?? []);
  } finally {
    await place[Symbol.asyncDispose]();
  }
}

async function accepts({ run }: Sandbox, argv: readonly string[]): Promise<string | null> {
  const { exitCode, stdout, stderr } = await run(argv);
  return exitCode === 0 ? null : `${argv[0]}: ${`${stderr}${stdout}`.trim().slice(0, 400)}`;
}
