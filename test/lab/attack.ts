import { fileURLToPath } from "node:url";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import type { Desk } from "./desk.js";

/** How often each status was the answer of an agent, by its address, and `sent`. */
export type Answers = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Attack {
  /** Ends it, and tells what the flood was answered and how many connections the pests began. */
  stop(): Promise<{ readonly flood: Answers; readonly pests: { readonly begun: number } }>;
}

export interface Weapons {
  /** Whose certificate the flood shows, as brought to the desk. */
  readonly who: string;
  /** Requests a second, to every agent. */
  readonly rate: number;
  /** Also connections without end and without a meaning, from 40 addresses. */
  readonly pests: boolean;
}

const program = (name: string) => fileURLToPath(new URL(`attack/${name}.mjs`, import.meta.url));
const sources = Array.from({ length: 40 }, (_, index) => `10.0.9.${101 + index}`);

/** Everything that a machine of the management network can do to the agents at once, until it is stopped. */
export async function attack(lab: Lab, desk: Desk, { who, rate, pests }: Weapons): Promise<Attack> {
  const agents = lab.cluster.nodes.map(({ name }) => lab.machine(name).addresses.management?.[0] ?? "");
  const begin = async (name: string, ...argv: string[]): Promise<LabProcess> => {
    const running = await desk.machine.spawn([process.execPath, program(name), ...argv]);
    await new Promise<void>((resolve) => running.onLine(() => resolve()));
    return running;
  };
  let others: LabProcess | null = null;
  if (pests) {
    await desk.machine.exec([
      ...["sh", "-c", 'dev=$1; shift; for a; do ip address replace "$a/24" dev "$dev"; done', "sh"],
      ...["eth1", ...sources],
    ]);
    others = await begin("pests", ...agents, "--", ...sources);
  }
  const flood = await begin("flood", `${desk.pki}/${who}`, String(rate), ...agents);
  return {
    stop: async () => ({ pests: (await told(others)) ?? { begun: 0 }, flood: await told(flood) }),
  };
}

/** What a weapon prints at its end. */
const told = async (running: LabProcess | null) =>
  running && JSON.parse((await running.stop()).trim().split("\n").at(-1) ?? "{}");

/** The resident memory of a node's agent in MiB; null while it does not run. Of several processes the largest. */
export async function agentMemory(lab: Lab, node: string): Promise<number | null> {
  try {
    const { stdout } = await lab.machine(node).exec(["ps", "-eo", "rss=,args="]);
    const rows = stdout.split("\n").filter((row) => /cli\/main\.js agent/.test(row));
    return rows.length === 0 ? null : Math.max(...rows.map((row) => Number.parseInt(row, 10))) / 1024;
  } catch {
    return null; // It is off.
  }
}
