import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../src/host/host.js";
import { labDown } from "../src/lab/down.js";
import { labUp } from "../src/lab/up.js";
import { parsePids } from "../src/observe/process.js";
import type { Bench } from "./bench.js";
import { benchCluster, ours } from "./pairs/pair.js";
import { median, spread } from "./statistics.js";

/** Milliseconds until what a start costs (compilers, first looks) is over, and between two samples. */
const [settle, step] = [30_000, 1_000];
const samples = 60;

/** Shares of one core in percent, and what is resident in MB. */
interface Idle {
  /** Of the process itself, one a second. */
  readonly own: readonly number[];
  /** Of programs that it started and that ended, over the whole minute: too few to be sampled. */
  readonly ended: number;
  /** Of programs that run beside it: fping, tcpdump, ip monitor. */
  readonly beside: number;
  readonly resident: number;
}

export const idleAgent: Bench = {
  name: "idle-agent",
  summary: "what an agent costs while nothing happens, at the fastest profile, over a minute",
  async run({ progress, signal }) {
    const cluster = benchCluster();
    progress("starting the lab");
    try {
      const lab = await labUp(cluster, { switches: 0, signal, configure: ours.configure });
      await sleep(settle, undefined, { signal });
      progress(`watching ${cluster.nodes.length} agents for ${(samples * step) / 1_000} s`);
      const idle = await Promise.all(
        cluster.nodes.map(({ name }) => watched(lab.machine(name).host, signal)),
      );
      const cost = ({ own, ended }: Idle) => median(own) + ended;
      const dearest = idle.toSorted((a, b) => cost(b) - cost(a))[0];
      if (dearest === undefined) throw new Error("no agent was watched");
      const detail = `median ${spread(dearest.own, 2)}, and ${dearest.ended.toFixed(2)} for programs that ended`;
      return [
        { name: "idle agent, of one core", figure: cost(dearest), unit: "%", atMost: 1, detail },
        {
          ...{ name: "programs beside it", figure: dearest.beside, unit: "%", atMost: null },
          detail: "fping and those that report what the kernel does",
        },
        {
          ...{ name: "idle agent, resident", unit: "MB", atMost: 90 },
          figure: Math.max(...idle.map(({ resident }) => resident)),
          detail: idle.map(({ resident }) => resident.toFixed(1)).join(" and "),
        },
      ];
    } finally {
      await labDown(cluster.name);
    }
  },
};

async function watched(host: Host, signal: AbortSignal): Promise<Idle> {
  const { pid } = await host.services.status("holdfast-agent");
  if (pid === null) throw new Error(`no agent runs on ${host.name}`);
  const children = parsePids(await host.read(`/proc/${pid}/task/${pid}/children`));
  const besides = () => sum(children.map((child) => spent(host, child)));
  const [endedAtFirst, besideAtFirst, begun] = [await ended(host, pid), await besides(), performance.now()];
  const own: number[] = [];
  for (let last = await spent(host, pid), at = begun; own.length < samples; ) {
    await sleep(step, undefined, { signal });
    const [now, time] = [await spent(host, pid), performance.now()];
    own.push((100 * (now - last)) / (time - at));
    [last, at] = [now, time];
  }
  const passed = performance.now() - begun;
  const status = (await host.read(`/proc/${pid}/status`)) ?? "";
  return {
    own,
    ended: (100 * ((await ended(host, pid)) - endedAtFirst)) / passed,
    beside: (100 * ((await besides()) - besideAtFirst)) / passed,
    resident: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1.024e-3,
  };
}

/** Milliseconds that the threads of a living process have run (sched-stats in the kernel's documentation); 0 once it ended. */
async function spent(host: Host, pid: number): Promise<number> {
  const threads = await host.list(`/proc/${pid}/task`).catch(() => []);
  const ran = async (thread: string) => {
    const text = await host.read(`/proc/${pid}/task/${thread}/schedstat`).catch(() => null);
    return Number(text?.split(" ")[0] ?? 0) / 1e6;
  };
  return sum(threads.map(ran));
}

/** Milliseconds that its children took that have ended: cutime and cstime of proc(5), in ticks of 10 ms. */
async function ended(host: Host, pid: number): Promise<number> {
  const stat = (await host.read(`/proc/${pid}/stat`)) ?? "";
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

async function sum(figures: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(figures)).reduce((total, figure) => total + figure, 0);
}
