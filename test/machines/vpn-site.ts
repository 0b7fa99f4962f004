import { expect, type TestContext } from "vitest";
import type { BootedLab } from "../../machines/booted.js";
import type { Operator } from "../../machines/operator.js";
import type { RunOptions } from "../../src/host/host.js";
import { example, type Written } from "../lab/topology.js";
import type { Site } from "./site.js";

/** Two VPN servers that boot, their two clients, and nothing else. */
export const topology: Written = example("overlay", "vpnhosts");

export const serverNames = (topology.cluster.vpn?.servers ?? []).map(({ name }) => name);

/** A client's machine in the lab, by the name that the topology gives it; it begins at the server of the same place. */
export const clientMachines = { host1: "vpn-client-1", host2: "vpn-client-2" } as const;
export type ClientName = keyof typeof clientMachines;

/** Whoever operates the servers sits at a client's machine: nobody else is on the internet of this lab. */
export const desk = clientMachines.host1;

/** What one chapter leaves to the next. */
export interface VpnSite extends Pick<Site, "stages"> {
  lab: BootedLab;
  operator: Operator;
  /** The file of the package. */
  package: string;
  /** BIRD's own file, and the names of all in /etc, before the first apply. */
  readonly before: Map<string, { readonly bird: string; readonly files: readonly string[] }>;
  /** Set once both servers run. */
  installed: boolean;
}

/** A chapter that needs the servers has nothing to say where there are none. */
export function needsServers(site: VpnSite, { skip }: Pick<TestContext, "skip">): void {
  if (!site.installed) skip("holdfast does not run on the servers");
}

/** Generous: what is asked is whether, not when. */
export const patience = { timeout: 60_000, interval: 250 };

/** What it prints; it has to succeed. */
export async function asked({ lab }: VpnSite, machine: string, ...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.machine(machine).exec(argv, { timeout: 60_000 });
  expect(exitCode, `${machine}: ${argv.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** The same by SSH, as whoever operates a server does it. */
export async function administer(
  { lab }: VpnSite,
  server: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const run = lab.ssh.from(desk);
  const login = lab.ssh.login(addressOf(server), argv);
  const { exitCode, stdout, stderr } = await run(login, { timeout: 180_000, ...options });
  expect(exitCode, `${server}: ${argv.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

export function addressOf(server: string): string {
  const [own] = topology.cluster.vpn?.servers.find(({ name }) => name === server)?.addresses ?? [];
  if (own === undefined) throw new Error(`${server} has no address`);
  return own.address;
}

/** Of the topology; the first is IPv4. */
export function fixedAddress(client: ClientName): string {
  const [own] = topology.cluster.vpn?.clients.find(({ name }) => name === client)?.addresses ?? [];
  if (own === undefined) throw new Error(`${client} has no fixed address`);
  return own.address;
}

export async function reaches(site: VpnSite, from: ClientName, to: ClientName): Promise<boolean> {
  const argv = ["ping", "-c", "1", "-W", "1", fixedAddress(to)];
  return (await site.lab.machine(clientMachines[from]).exec(argv)).exitCode === 0;
}

export async function clientsReachEachOther(site: VpnSite): Promise<void> {
  for (const [from, to] of [
    ["host1", "host2"],
    ["host2", "host1"],
  ] as const)
    await expect
      .poll(() => reaches(site, from, to), { ...patience, message: `${from} reaches ${to}` })
      .toBe(true);
}

/** The servers whose agent keeps a route to a client: those that have it. One that is off has none. */
export async function serversOf({ lab }: VpnSite, client: ClientName): Promise<string[]> {
  const argv = ["ip", "route", "show", fixedAddress(client), "proto", "111"];
  const told = await Promise.all(
    serverNames.map(async (name) => {
      const { stdout } = await lab
        .machine(name)
        .exec(argv)
        .catch(() => ({ stdout: "" }));
      return stdout === "" ? [] : [name];
    }),
  );
  return told.flat();
}

/** Of each server, as the agents say over the network. */
export async function generations({ operator }: VpnSite): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await operator.holdfast("status", "--json");
  const { vpn_servers: servers } = JSON.parse(stdout || "{}") as {
    vpn_servers?: { name: string; generation: unknown }[];
  };
  expect(servers, stderr).toHaveLength(serverNames.length);
  return Object.fromEntries((servers ?? []).map(({ name, generation }) => [name, generation]));
}

/** All in /etc but what stays when holdfast goes. Units that start at boot are links there. */
export async function filesOf(site: VpnSite, server: string): Promise<string[]> {
  const found = await asked(site, server, "find", "/etc", "-path", "/etc/holdfast", "-prune", "-o", "-print");
  return found.trim().split("\n").sort();
}
