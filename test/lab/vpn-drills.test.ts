import { afterAll, beforeAll, expect, test } from "vitest";
import { stormTopology } from "../../bench/vpn-storm-topology.js";
import { subjectOf } from "../../src/cli/lab-subject.js";
import type { Subject } from "../../src/drill/subject.js";
import { vpnCatalogue } from "../../src/drill/vpn/vpn-catalogue.js";
import type { VpnDrill } from "../../src/drill/vpn/vpn-drill.js";
import { runVpnDrill } from "../../src/drill/vpn/vpn-run.js";
import { AgentClient } from "../../src/fleet/client.js";
import { labDown } from "../../src/lab/down.js";
import { few } from "../thorough.js";
import { ensureBuilt, labFor } from "./topology.js";

const size = { servers: 3, fixed: 4, others: 1 };
const name = "lab-vpn-drills";
let subject: Subject;

beforeAll(async () => {
  ensureBuilt();
  const options = { switches: 0, vpnClients: size.fixed + size.others };
  subject = subjectOf(await labFor(stormTopology(name, size), options));
});
afterAll(async () => void (await labDown(name)));

/** Whether a bar in milliseconds holds is the bench's question, on a quiet machine. Here: what happens at all. */
const unhurried = (drill: VpnDrill): VpnDrill => ({
  ...drill,
  expect: {
    ...drill.expect,
    struckSilentAtMost: drill.expect.struckSilentAtMost + 10_000,
    othersSilentAtMost: drill.expect.othersSilentAtMost + 2_000,
    rightWithin: drill.deadline,
  },
});

async function drillNotes(server: string): Promise<unknown[]> {
  const client = new AgentClient(server, { kind: "unix", path: subject.lab.agentSocket(server) ?? "" });
  try {
    const { events } = await client.call("events", { query: { limit: 1000, last: "true" } });
    return events.filter(({ kind }) => kind === "drill").map(({ details }) => details);
  } finally {
    client.close();
  }
}

/** One fault of a server and one of a client; in vpn-storm.test.ts there are more. */
const core = vpnCatalogue.filter(({ name }) => ["vpn-server-power-loss", "rogue-peer"].includes(name));

test.each(few(vpnCatalogue, core))("the promise of $name is kept", async (drill) => {
  const told: string[] = [];
  const progress = (text: string) => void told.push(text);
  const signal = new AbortController().signal;
  const result = await runVpnDrill(unhurried(drill), subject, { progress, signal });
  console.log(JSON.stringify({ drill: result.drill, injected: result.injected, ...result.seen }));
  expect(result.verdict, JSON.stringify(result)).toEqual({ pass: true, reasons: [] });
  if (drill.vpnFault.kind === "lie") expect(result.seen.told).toContain("0.0.0.0/0");
  expect((await drillNotes("vpn-c")).slice(-2)).toMatchObject([
    { drill: drill.name, outcome: "begins" },
    { drill: drill.name, outcome: "passed" },
  ]);
});

test("what was struck is mended when a drill is interrupted", async () => {
  const abort = new AbortController();
  const [drill] = vpnCatalogue;
  if (drill === undefined) throw new Error("the catalogue is empty");
  const progress = (text: string): void => {
    if (text.endsWith(" off")) setTimeout(() => abort.abort(new Error("interrupted")), 200);
  };
  await expect(runVpnDrill(drill, subject, { progress, signal: abort.signal })).rejects.toThrow();
  expect(abort.signal.aborted).toBe(true);
  const servers = subject.lab.machines.filter(({ kind }) => kind === "vpn-server");
  for (const { name: server } of servers) expect(subject.lab.agentSocket(server)).not.toBeNull();
});
