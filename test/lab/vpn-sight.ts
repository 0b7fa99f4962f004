import { setTimeout as sleep } from "node:timers/promises";
import type { VpnReport } from "../../src/agent/vpn/vpn-report.js";
import { agentsOfLab } from "../../src/cli/agents.js";
import type { Lab } from "../../src/lab/lab.js";
import { readManifest } from "../../src/observe/kept-generation.js";
import { vpnServices } from "../../src/render/vpn/vpn-services.js";
import { machineNames } from "../../src/topology/machines.js";

/** Echoes that a busy computer may lose where nothing happened (BFD waits for 150 ms); a client that connects again loses ten. */
export const mostLost = 4;

/** What a test of VPN servers in a lab looks at. */
export class VpnSight {
  constructor(private readonly lab: Lab) {}

  /** Every engine of a server with its process ID. */
  async processes(server: string): Promise<Record<string, number | null>> {
    const { host } = this.lab.machine(server);
    const tunnels = (this.lab.cluster.vpn?.servers.length ?? 0) - 1;
    const names = ["overlay", ...Array.from({ length: tunnels }, (_, pair) => `overlay-backbone${pair}`)];
    const files = names.map((name) => ({ path: `/etc/openvpn/server/${name}.conf` }));
    const services = [...vpnServices(files).map(({ name }) => name), "bird"] as const;
    const pids = services.map(
      async (service) => [service, (await host.services.status(service)).pid] as const,
    );
    return Object.fromEntries(await Promise.all(pids));
  }

  /** Who is connected to a server, `NAME SESSION`, each once; null where its agent does not answer. */
  async sessions(server: string): Promise<string[] | null> {
    const agent = (await agentsOfLab(this.lab)).find(({ node }) => node === server);
    const state = (await agent?.client.call("state", {}).catch(() => null)) as { vpn?: VpnReport } | null;
    const all = state?.vpn?.clients.map(({ name, since, session }) => `${name} ${since} ${session}`);
    return all === undefined ? null : [...new Set(all)].sort();
  }

  /** The generation that each machine runs. */
  async generations(): Promise<number[]> {
    const machines = machineNames(this.lab.cluster);
    const manifests = await Promise.all(machines.map((name) => readManifest(this.lab.machine(name).host)));
    return manifests.map((manifest) => manifest?.number ?? 0);
  }

  file(server: string, path: string): Promise<string | null> {
    return this.lab.machine(server).host.read(path);
  }

  async reaches(from: string, to: string): Promise<boolean> {
    return (await this.lab.machine(from).exec(["ping", "-c", "1", "-W", "1", to])).exitCode === 0;
  }

  /** An echo request every tenth of a second while something happens, and a second more; how many were lost. */
  async lostWhile(from: string, to: string, happen: () => Promise<unknown>): Promise<number> {
    const ping = await this.lab.machine(from).spawn(["ping", "-i", "0.1", "-W", "1", to]);
    await sleep(500);
    await happen();
    await sleep(1_000);
    const said = await ping.stop("SIGINT");
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(said) ?? [];
    if (sent === undefined) throw new Error(`ping did not say what came of it: ${said}`);
    // The last one may have been on its way.
    const last = [...said.matchAll(/icmp_seq=(\d+) /g)].at(-1)?.[1];
    return Number(sent) - Number(received) - (last === sent ? 0 : 1);
  }
}
