import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentsOfLab } from "../../src/cli/agents.js";
import { applyTopology } from "../../src/cli/apply-topology.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { layout } from "../../src/lab/layout.js";
import { hostsReachEachOther, switchesConnected } from "../../src/lab/readiness.js";
import { isThorough } from "../thorough.js";
import { Desk, withDesk } from "./desk.js";
import { calmLab, ownersOf, ownersWhile } from "./promises.js";
import { scrapesOf, untoldBy } from "./scrapes.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";
import { mostLost, VpnSight } from "./vpn-sight.js";

const name = "lab-vpn-pair";
const overlay = readFileSync("examples/overlay.yaml", "utf8");
const section = overlay.slice(overlay.indexOf("vpn:"));
// The pair of load balancers, the VPN servers beside it, and an operator's machine.
const topology = withDesk(edited(example("pair", name), ["\nfailover:\n", `\n${section}\nfailover:\n`]));
const servers = topology.cluster.vpn?.servers ?? [];
const file = ["-f", "/tmp/topology.yaml"];

/** Generous: what is asked is whether, not when. */
const patience = { timeout: 30_000, interval: 200 };

let lab: Lab;
let sight: VpnSight;
let desk: Desk;

beforeAll(async () => {
  ensureBuilt();
  lab = await labFor(topology, { switches: 2 });
  sight = new VpnSight(lab);
  desk = new Desk(lab);
  const [router = ""] = lab.machine("internet-router").addresses.management ?? [];
  for (const { address } of servers.flatMap(({ addresses }) => addresses))
    await desk.machine.exec(["ip", "route", "add", address, "via", router]);
  await desk.issue({ name: "anna", role: "operator" });
  await desk.issue({ name: "wall", role: "viewer" });
  await desk.write("/tmp/topology.yaml", topology.text);
});
afterAll(async () => void (await labDown(name)));

/** What the program says at the operator's machine, behind its exit code. */
async function says(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await desk.holdfast(...argv, ...file);
  return `${exitCode}\n${stdout}${stderr}`;
}
const vpnStatus = (...argv: string[]) => says("vpn", "status", "--as", "anna", ...argv);
const clientsMeet = () => expect.poll(() => sight.reaches("host2", "10.100.200.1"), patience).toBe(true);

describe("a pair of load balancers and two VPN servers", { sequential: true }, () => {
  test("are changed by one apply, all four", async () => {
    await calmLab(lab);
    const next = edited(
      topology,
      ["balance: source", "balance: leastconn"],
      ["\n    - { name: host2,", "\n    - { name: host3, address: 10.100.200.3 }\n    - { name: host2,"],
    );
    const committed: string[] = [];
    const outcome = await applyTopology(
      await agentsOfLab(lab),
      { topology: next.text },
      (progress) => {
        if (progress.kind === "committed") committed.push(progress.node);
      },
      AbortSignal.timeout(60_000),
    );
    expect(outcome).toMatchObject({ outcome: "kept", trouble: [] });
    expect(committed.slice(0, 2)).toEqual(["vpn-a", "vpn-b"]);
    expect(committed.slice(2).sort()).toEqual(["lb-a", "lb-b"]);
    expect(await sight.generations()).toEqual([2, 2, 2, 2]);
    await clientsMeet();
    expect(await hostsReachEachOther(lab, drawn())).toBe(true);
  });

  test("tell an operator elsewhere who is connected, and a viewer too, but nobody without a certificate", async () => {
    await expect.poll(() => vpnStatus(), patience).toMatch(/^0\n/);
    const said = await vpnStatus();
    const [onA = "", onB = ""] = said.split(/^vpn-b /m);
    expect(onA).toMatch(/^vpn-a {3}1 client, \d+ routes$/m);
    expect(onA).toMatch(/^ {2}host1 {2}10\.100\.200\.1 /m);
    expect(onB).toMatch(/^ {2}host2 {2}10\.100\.200\.2 /m);
    expect(await says("vpn", "status", "--as", "wall")).toMatch(/^0\n/);
    const program = [process.execPath, join(process.cwd(), "dist/cli/main.js")];
    const here = await lab.machine("vpn-a").exec([...program, "vpn", "status", "--here"]);
    expect(`${here.exitCode}\n${here.stdout}`).toMatch(/^0\nvpn-a {3}1 client, /);
    expect(here.stdout).not.toContain("vpn-b");
    expect(await says("vpn", "status", "--as", "ben")).toMatch(/^1\n.*no certificate of ben/);
    const { healthy, clients, troubles, unreached } = JSON.parse((await vpnStatus("--json")).slice(2));
    expect({ healthy, troubles, unreached }).toEqual({ healthy: true, troubles: [], unreached: [] });
    expect(clients).toContainEqual(
      expect.objectContaining({ name: "host1", address: "10.100.200.1", server: "vpn-a" }),
    );
  });

  test("tell what alerts and the dashboard ask of VPN servers", async () => {
    const scrapes = await scrapesOf(lab, ["lb-a", "lb-b", "vpn-a", "vpn-b"]);
    expect(untoldBy(scrapes, /^holdfast_(vpn|node_role|generation_number)/)).toEqual([]);
  });

  test("tell what is wrong with one of the servers (3), and which of them does not answer (1)", async () => {
    const { services } = lab.machine("vpn-b").host;
    await services.stop("bird");
    await expect.poll(() => vpnStatus(), patience).toMatch(/^3\n[\s\S]*^! vpn-b: bird is (dead|stopped)$/m);
    expect(await says("status", "--as", "anna")).toMatch(/^3\n/);
    await services.start("bird");
    await expect.poll(() => vpnStatus(), patience).toMatch(/^0\n/);
    await services.stop("holdfast-agent");
    expect(await vpnStatus()).toMatch(/^1\n[\s\S]*^ {2}host1 [\s\S]*^! vpn-b: /m);
    expect(await says("status", "--as", "anna")).toMatch(/^1\n/);
    await services.start("holdfast-agent");
    await expect.poll(() => vpnStatus(), patience).toMatch(/^0\n/);
  });

  test.runIf(isThorough)(
    "a VPN server loses its power: its client goes to the other, and the pair does not fail over",
    async () => {
      const { active } = await calmLab(lab);
      // The worker from before the first test's reload takes its sessions with it, ten seconds after.
      const { exec } = lab.machine(active);
      const processes = async () => (await exec(["pidof", "haproxy"])).stdout.trim().split(" ").length;
      await expect.poll(processes, patience).toBe(2);
      await expect.poll(switchesConnectedNow, patience).toBe(true);
      await lab.faults.powerOff("vpn-a");
      expect(await ownersWhile(lab, 1_500)).toEqual([active]);
      await clientsMeet();
      expect(await ownersOf(lab)).toEqual([active]);
      expect(await switchesConnectedNow()).toBe(true);
      await lab.faults.powerOn("vpn-a");
      await expect.poll(() => vpnStatus(), patience).toMatch(/^0\n/);
    },
  );

  test("the active node loses its power: the clients of the VPN servers notice nothing", async () => {
    const { active, standby } = await calmLab(lab);
    const lost = await sight.lostWhile("host2", "10.100.200.1", async () => {
      await lab.faults.powerOff(active);
      await expect.poll(() => ownersOf(lab), patience).toEqual([standby]);
    });
    expect(lost).toBeLessThanOrEqual(mostLost);
    await expect.poll(switchesConnectedNow, patience).toBe(true);
  });
});

const drawn = () => layout(lab.cluster, { switches: 2 });
const switchesConnectedNow = () => switchesConnected(lab, drawn());
