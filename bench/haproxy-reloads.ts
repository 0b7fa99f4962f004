import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseProcesses } from "../src/deploy/haproxy.js";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Machine } from "../src/lab/lab.js";
import { labUp } from "../src/lab/up.js";
import { paths } from "../src/render/paths.js";
import type { Bench } from "./bench.js";
import { activeAtRest } from "./failover.js";
import { addSources, sourceAddresses } from "./many-sessions.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";

const program = fileURLToPath(new URL("./short-sessions.mjs", import.meta.url));
const [address, port] = ["10.0.1.100", 6653];

const sessions = 200_000;
/** Each leaves a port of the node's in TIME_WAIT for a minute, of 28,000 for each server. */
const perSecond = 900;
/** Milliseconds between two reloads. */
const every = 200;
/** Milliseconds after the last reload in which old workers end: `hard-stop-after`, and a margin. */
const oldWorkersEnd = 12_000;

/** The pair at `fast`; its servers echo. */
const pair = ofTopology("holdfast", benchTopology().replace("type: openflow", "type: tcp"));

interface Seen {
  readonly begun: number;
  readonly well: number;
  readonly failures: Readonly<Record<string, number>>;
}

const whysOf = ({ failures }: Seen): string =>
  Object.entries(failures)
    .map(([why, times]) => `${times} ${why}`)
    .join(", ");

export const haproxyReloads: Bench = {
  name: "haproxy-reloads",
  summary: `${sessions} short sessions from 100 addresses while HAProxy reloads every ${every} ms`,
  async run({ progress, signal }) {
    progress("starting the lab");
    try {
      const lab = await labUp(pair.cluster, { switches: 0, signal, configure: pair.configure });
      const client = lab.machine(clientOn("switches"));
      await addSources(client);
      const active = await activeAtRest(lab, pair.rest, signal);
      const node = lab.machine(active);
      const before = await processes(node);
      const crowd = await load(client, progress);
      const reloads = reloadUntil(node, crowd.over, signal);
      try {
        await Promise.race([crowd.over, reloads]);
      } finally {
        await crowd.stop();
      }
      await reloads;
      await sleep(oldWorkersEnd, undefined, { signal });
      const after = await processes(node);
      const { begun, well } = crowd.seen();
      const taken = after.reloads - before.reloads;
      const stayed =
        (await activeAtRest(lab, pair.rest, signal)) === active && after.master === before.master;
      return [
        {
          ...{ name: "sessions that failed", unit: "sessions", figure: begun - well, atMost: 0 },
          detail: begun === well ? `of ${begun}, each answered in full` : whysOf(crowd.seen()),
        },
        { name: "sessions", unit: "sessions", figure: well, atMost: null, atLeast: sessions, detail: "" },
        {
          ...{ name: "reloads that HAProxy refused", unit: "times", figure: after.failed, atMost: 0 },
          detail: `of ${taken}; workers that serve afterwards: ${after.workers.length}`,
        },
        {
          ...{ name: "the virtual IPs moved, or the master ended", unit: "times", atMost: 0 },
          ...{ figure: stayed ? 0 : 1, detail: active },
        },
      ];
    } finally {
      await labDown(pair.cluster.name);
    }
  },
};

const processes = async ({ host }: Machine) =>
  parseProcesses(await host.ask(paths.haproxyMaster, "show proc\n", 5_000));

async function reloadUntil({ host }: Machine, over: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let ended = false;
  void over.finally(() => {
    ended = true;
  });
  for (let due = performance.now(); !ended; due += every) {
    await host.services.reload("haproxy");
    await sleep(Math.max(0, due + every - performance.now()), undefined, { signal });
  }
}

async function load(client: Machine, progress: (text: string) => void) {
  const argv = [program, address, port, sessions, perSecond, ...sourceAddresses].map(String);
  const running = await client.spawn([process.execPath, ...argv]);
  let seen: Seen = { begun: 0, well: 0, failures: {} };
  let told = 0;
  const over = new Promise<void>((resolve) => {
    running.onLine((line) => {
      seen = JSON.parse(line) as Seen;
      const failed = Object.values(seen.failures).reduce((sum, each) => sum + each, 0);
      if (performance.now() - told > 10_000) {
        told = performance.now();
        progress(`${seen.begun} begun, ${failed} failed ${whysOf(seen)}`);
      }
      if (seen.begun === sessions && seen.well + failed === sessions) resolve();
    });
  });
  return { over, seen: () => seen, stop: () => running.stop() };
}
