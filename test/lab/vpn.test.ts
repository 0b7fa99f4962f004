import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { labStatus } from "../../src/lab/status.js";
import { isThorough } from "../thorough.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";
import { alive, processesOf, traces } from "./traces.js";

const two = example("overlay", "lab-vpn");
const three = edited(two, [
  "  clients:                ",
  `    - name: vpn-c
      address: 192.0.2.30
      clients: [10.100.102.0/24, fd00:100::c:0:0/96]
      backbone: 10.200.200.3
      management: { port: 5656 }
  clients:                `,
]);
const { name } = two.cluster;

/** Generous: what is asked is whether, not when. */
const patience = { timeout: 30_000, interval: 200 };

let lab: Lab;
const before = traces(name);
beforeAll(ensureBuilt);
afterAll(async () => {
  await labDown(name);
});

const reaches = async (from: string, to: string): Promise<boolean> =>
  (await lab.machine(from).exec(["ping", "-c", "1", "-W", "1", to])).exitCode === 0;

/** Which server has a client by its own address. */
const serverOf = async (address: string): Promise<string[]> => {
  const servers = lab.machines.filter(({ kind }) => kind === "vpn-server");
  const told = await Promise.all(
    servers.map(async (server) => {
      const { stdout } = await server
        .exec(["ip", "route", "show", address, "proto", "111"])
        .catch(() => ({ stdout: "" })); // Off.
      return stdout === "" ? [] : [server.name];
    }),
  );
  return told.flat();
};

describe("two servers", () => {
  beforeAll(async () => {
    lab = await labFor(two, { switches: 0 });
  });

  test("host1 is on vpn-a and host2 on vpn-b, and they reach each other", async () => {
    expect(await serverOf("10.100.200.1")).toEqual(["vpn-a"]);
    expect(await serverOf("10.100.200.2")).toEqual(["vpn-b"]);
    expect(await reaches("host1", "10.100.200.2")).toBe(true);
    expect(await reaches("host2", "host1")).toBe(true);
  });

  test("machines are known by their names, with their engines", () => {
    expect(labStatus(name)?.map(({ name: own, kind, daemons }) => [own, kind, ...daemons])).toEqual([
      ["vpn-a", "vpn-server", "holdfast-agent", "openvpn", "bird"],
      ["vpn-b", "vpn-server", "holdfast-agent", "openvpn", "bird"],
      ["vpn-client-1", "vpn-client", "openvpn"],
      ["vpn-client-2", "vpn-client", "openvpn"],
    ]);
  });

  test("a client whose server loses its power keeps its address on the other, and the server comes back with all of its own", async () => {
    await lab.faults.powerOff("vpn-a");
    await expect.poll(() => serverOf("10.100.200.1"), patience).toEqual(["vpn-b"]);
    await expect.poll(() => reaches("host2", "10.100.200.1"), patience).toBe(true);
    await lab.faults.powerOn("vpn-a");
    const peers = async () =>
      (await lab.machine("vpn-a").exec(["birdc", "-r", "show", "protocols"])).stdout.includes("Established");
    await expect.poll(peers, patience).toBe(true);
    expect(await reaches("host2", "10.100.200.1")).toBe(true);
  });

  test.runIf(isThorough)(
    "a client without its link is nobody's, and is back when it is mended; so is one without power",
    async () => {
      await lab.faults.linkDown("host1", "internet");
      await expect.poll(() => serverOf("10.100.200.1"), patience).toEqual([]);
      await lab.faults.linkUp("host1", "internet");
      await expect.poll(() => reaches("host2", "10.100.200.1"), patience).toBe(true);
      await lab.faults.powerOff("vpn-client-1");
      await expect.poll(() => serverOf("10.100.200.1"), patience).toEqual([]);
      await lab.faults.powerOn("vpn-client-1");
      await expect.poll(() => reaches("host2", "10.100.200.1"), patience).toBe(true);
    },
  );

  test("nothing is left of it", async () => {
    const processes = processesOf(name);
    expect(processes.length).toBeGreaterThan(10);
    expect(await labDown(name)).toBe(true);
    expect(alive(processes)).toEqual([]);
    expect(traces(name)).toEqual(before);
  });
});

test.runIf(isThorough)("three servers and five clients: each reaches every other", async () => {
  lab = await labFor(three, { switches: 0, vpnClients: 5 });
  const hosts = ["vpn-client-1", "vpn-client-2", "vpn-client-3", "vpn-client-4", "vpn-client-5"];
  const own = await Promise.all(
    hosts.map(async (host) => {
      const { stdout } = await lab.machine(host).exec(["ip", "-4", "-o", "address", "show", "dev", "tun0"]);
      return /inet ([0-9.]+)/.exec(stdout)?.[1] ?? "";
    }),
  );
  for (const from of hosts)
    for (const to of own) expect(await reaches(from, to), `${from} reaches ${to}`).toBe(true);
});
