import { setTimeout as sleep } from "node:timers/promises";
import { clientOn } from "../src/drill/vantage.js";
import type { ClusterStatus } from "../src/fleet/status.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { program } from "../src/lab/program.js";
import { labUp } from "../src/lab/up.js";
import type { Bar, Bench } from "./bench.js";
import { activeAtRest } from "./failover.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";
import { byDatapath, type Recorded, recordedIn } from "./recorded.js";
import { median, spread } from "./statistics.js";

const [virtualIp, master, port] = ["10.0.1.100", "10.0.2.50", "6653"];
const load = { switches: 20, rate: 400, size: 128, seconds: 14 };
/** Milliseconds after the load began in which the power goes, and until it is seen what that cost. */
const [struck, settled] = [5_000, 5_000];
/** Milliseconds for which nothing reaches the master controller before the power goes, where it is out of reach. */
const unreached = 3_000;
/** Runs in which it is. */
const outOfReach = 2;

interface Loss {
  /** Milliseconds from the power loss until the last switch was at the master controller again. */
  readonly back: number;
  /** Messages that were sent and that the master controller got on no connection. */
  readonly missed: number;
  /** Messages that the node which took over says were not seen, by their size, or waited and did not arrive. */
  readonly stated: number;
  /** Connections that the master controller had of all switches: two each, where none broke off. */
  readonly connections: number;
}

/** Power loss while switches of a nat service speak: when the master controller has them again, and what it did not get. */
export const mirrorLoss: Bench = {
  name: "mirror-loss",
  summary:
    "what a master controller misses of a nat service's switches when the node that mirrors them loses power",
  runs: 5,
  async run({ runs, progress, signal }) {
    const { cluster, configure } = ofTopology("holdfast", topology());
    progress("starting the lab");
    try {
      const lab = await labUp(cluster, { switches: 0, signal, configure });
      await lab.faults.signal("master", "controller", "SIGKILL");
      const losses: Loss[] = [];
      for (let run = 0; run < runs; run += 1) {
        losses.push(await loss(lab, signal, 0));
        progress(`run ${run + 1}: ${JSON.stringify(losses.at(-1))}`);
      }
      const unheard: Loss[] = [];
      for (let run = 0; run < outOfReach; run += 1) {
        unheard.push(await loss(lab, signal, unreached));
        progress(`out of reach, run ${run + 1}: ${JSON.stringify(unheard.at(-1))}`);
      }
      const backs = losses.map(({ back }) => back);
      return [
        {
          name: "every switch at the master controller again (worst)",
          unit: "ms",
          figure: Math.max(...backs),
          atMost: 3_000,
          detail: `median ${median(backs).toFixed(0)}, ${spread(backs, 0)}`,
        },
        {
          name: "missed messages, stated beside true (worst difference)",
          unit: "times",
          atMost: 0,
          ...difference(losses),
        },
        {
          name: `the same, where nothing reached the master controller for ${unreached / 1_000} s before`,
          unit: "times",
          atMost: 0,
          ...difference(unheard),
        },
      ] satisfies Bar[];
    } finally {
      await labDown(cluster.name);
    }
  },
};

const difference = (losses: readonly Loss[]): Pick<Bar, "figure" | "detail"> => ({
  figure: Math.max(...losses.map(({ stated, missed }) => Math.abs(stated - missed))),
  detail: losses.map(({ stated, missed }) => `${stated} stated, ${missed} true`).join("; "),
});

/** @param unreached milliseconds */
async function loss(lab: Lab, signal: AbortSignal, unreached: number): Promise<Loss> {
  const active = await activeAtRest(lab, 1_000, signal);
  const other = active === "lb-a" ? "lb-b" : "lb-a";
  const recorder = await lab
    .machine("master")
    .spawn([process.execPath, program.openflowRecorder, master, port]);
  const words = [
    "--switches",
    load.switches,
    "--rate",
    load.rate,
    "--size",
    load.size,
    "--seconds",
    load.seconds,
  ];
  const argv = [process.execPath, program.openflowLoad, virtualIp, port, ...words.map(String)];
  const running = await lab.machine(clientOn("switches")).spawn(argv);
  await sleep(struck - unreached, undefined, { signal });
  if (unreached > 0) await reach(lab, "-I");
  await sleep(unreached, undefined, { signal });
  const at = Date.now();
  await lab.faults.powerOff(active);
  if (unreached > 0) await reach(lab, "-D");
  await sleep(settled, undefined, { signal });
  const stated = await statedBy(lab, other);
  const { exitCode, stderr } = await running.ended;
  if (exitCode !== 0) throw new Error(`the generator ended with ${exitCode}: ${stderr}`);
  await sleep(1_000);
  const lines = recordedIn(await recorder.stop("SIGTERM"));
  await lab.faults.powerOn(active);
  return { ...judged(lines, at), stated };
}

/** Drops (`-I`), or admits again (`-D`), all that is sent to the master controller. */
async function reach(lab: Lab, how: "-I" | "-D"): Promise<void> {
  await lab.machine("master").exec(["iptables", how, "INPUT", "-p", "tcp", "-j", "DROP"]);
}

function judged(lines: readonly Recorded[], at: number): Omit<Loss, "stated"> {
  const datapaths = byDatapath(lines);
  let [back, missed] = [0, 0];
  for (const own of datapaths.values()) {
    const last = own.at(-1)?.opened ?? 0;
    if (last < at) throw new Error("a switch did not come again");
    back = Math.max(back, last - at);
    missed += missedBy(own.map(({ numbers }) => numbers));
  }
  if (datapaths.size !== load.switches)
    throw new Error(`${datapaths.size} of ${load.switches} switches came`);
  return { back, missed, connections: lines.length };
}

/** What is missing on each connection of a switch, and between each and the next on which something came. */
function missedBy(connections: readonly Recorded["numbers"][]): number {
  let [missed, next] = [0, 0];
  for (const { first, last, missing } of connections) {
    if (first === null || last === null) continue;
    missed += missing + Math.max(0, first - next);
    next = Math.max(next, last + 1);
  }
  return missed;
}

async function statedBy(lab: Lab, node: string): Promise<number> {
  const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", "http://agent/v1/status"];
  const status: ClusterStatus = JSON.parse((await lab.machine(node).exec(argv)).stdout);
  const { lost_bytes, dropped } = status.services[0]?.mirror ?? {};
  return (lost_bytes ?? Number.NaN) / load.size + (dropped ?? Number.NaN);
}

/** The bench's pair with a nat service that is mirrored. */
const topology = (): string =>
  benchTopology()
    .replace(/^cluster: .*$/m, "cluster: bench-mirror-loss")
    .replace(/^( *)mode: proxy.*$/m, "$1mode: nat")
    .replace(
      /^( *- \{ name: c3, .*\n)/m,
      `$1    mirror: { to: { name: master, address: ${master}, port: ${port} } }\n`,
    );
