import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { frugalFlags } from "../src/agent/frugal.js";
import type { VpnRouteReport } from "../src/agent/vpn/vpn-report.js";
import { runner } from "../src/host/run.js";
import { bird } from "../src/render/vpn/bird.js";
import { vpnPaths } from "../src/render/vpn/places.js";
import type { Vpn } from "../src/topology/cluster.js";
import { tunnelsOf, vpnServerNamed } from "../src/topology/vpn-select.js";
import { type Sandbox, sandbox } from "../test/engines/sandbox.js";
import { transpiled } from "../test/engines/transpiled.js";
import { vpnOf } from "../test/topology/vpn-networks.js";
import { controlSocket, roamer, watchSocket } from "./vpn-scale-roamers.js";
import type { WatchCost } from "./vpn-scale-watch.js";

const password = "one of this bench";
const passwordFile = "/run/pass";
const serverOf = (place: number) =>
  `  - { name: vpn-${place}, address: 203.0.113.${place + 10}, clients: 10.200.${place}.0/24, backbone: 172.31.255.${place + 1}, management: { socket: /run/openvpn/overlay.sock, password_file: ${passwordFile} } }`;

/** @param roamers clients of each server that the topology knows, each with a fixed address */
export function networkOf(servers: number, roamers: number): Vpn {
  const places = Array.from({ length: servers }, (_, place) => place);
  const vpn = vpnOf(`name: overlay\npool: 10.0.0.0/8\nservers:\n${places.map(serverOf).join("\n")}\n`);
  const clients = places.flatMap((place) =>
    Array.from({ length: roamers }, (_, client) => {
      const { name, address } = roamer(place, client);
      return { name, addresses: [{ family: 4, address } as const], subnets: [] };
    }),
  );
  return { ...vpn, clients };
}

/** Milliseconds between two looks at how many routes there are, each of which walks through all of them. */
const pause = 100;

/** In front of everything ordinary, as BIRD's unit has it. */
const ahead = ["nice", "-n", "-15"];

/** A server's machine: BIRD, the agent's part, and in OpenVPN's place something that says what OpenVPN says. */
export class ScaleServer {
  constructor(
    readonly name: string,
    readonly place: number,
    readonly machine: Sandbox,
    private readonly programs: Programs,
  ) {}

  /** @param clients that are connected from the first moment on */
  start(clients: number): void {
    const { machine, place, name, programs } = this;
    const run = (...words: string[]) =>
      machine.start("sh", "-c", 'echo $$ > "$0"; exec "$@" 2>> "$0.log"', ...words);
    run(
      "/run/openvpn.pid",
      process.execPath,
      programs.openvpn,
      `${place}`,
      `${clients}`,
      "/run/openvpn/overlay.sock",
    );
    run("/run/bird.pid", ...ahead, "bird", "-f", "-c", vpnPaths.bird);
    run("/run/watch.pid", process.execPath, ...frugalFlags, programs.watch, name, programs.network);
  }

  /** As a machine without power: no word goes out any more, nothing of it lives, and its kernel's routes are no more. */
  async powerOff(): Promise<number> {
    const { must } = this.machine;
    const pids = (await must("cat", "/run/bird.pid", "/run/watch.pid", "/run/openvpn.pid"))
      .trim()
      .split("\n");
    await must("iptables", "-P", "OUTPUT", "DROP");
    const at = performance.now();
    await must("kill", "-KILL", ...pids);
    for (const protocol of ["111", "bird"]) await must("ip", "route", "flush", "proto", protocol);
    return at;
  }

  async powerOn(clients: number): Promise<number> {
    await this.machine.must("iptables", "-P", "OUTPUT", "ACCEPT");
    const at = performance.now();
    this.start(clients);
    return at;
  }

  /** Prefixes in the kernel's table: counted by the kernel, since a list of so many costs more than what is measured. */
  async prefixes(): Promise<number> {
    const tries = await readFile(`/proc/${this.machine.pid}/net/fib_triestat`, "utf8");
    // Without rules of its own the main table and the local one are the same trie, told twice.
    return Number(/Prefixes:\s+(\d+)/.exec(tries)?.[1]);
  }

  /** As `vpn status` has them. */
  async routes(): Promise<VpnRouteReport[]> {
    return JSON.parse(await asked(this.machine, watchSocket, "/routes")) as VpnRouteReport[];
  }

  async cost(): Promise<WatchCost> {
    return JSON.parse(await asked(this.machine, watchSocket, "/")) as WatchCost;
  }

  /** Milliseconds of processor that BIRD took, and MB that it holds. */
  async bird(): Promise<{ readonly cpu: number; readonly resident: number }> {
    const pid = (await this.machine.must("cat", "/run/bird.pid")).trim();
    const [stat, status] = [
      await this.machine.must("cat", `/proc/${pid}/stat`),
      await this.machine.must("cat", `/proc/${pid}/status`),
    ];
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return {
      cpu: 10 * (Number(fields[11]) + Number(fields[12])),
      resident: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1.024e-3,
    };
  }

  /** What OpenVPN says from now on. Ends when it is said. */
  say(words: string): Promise<string> {
    return asked(this.machine, controlSocket, words);
  }
}

/** Here: a process number of ours means nothing inside. */
const outside = runner([]);

interface Programs {
  readonly openvpn: string;
  readonly watch: string;
  /** The topology, as the watch reads it. */
  readonly network: string;
}

function asked(machine: Sandbox, socketPath: string, path: string): Promise<string> {
  return new Promise((done, failed) => {
    const asking = request({ socketPath: `/proc/${machine.pid}/root${socketPath}`, path }, (response) =>
      text(response).then(done, failed),
    );
    asking.on("error", failed);
    asking.end();
  });
}

export class ScaleStage implements AsyncDisposable {
  readonly servers: ScaleServer[] = [];

  private constructor(
    private readonly vpn: Vpn,
    private readonly hub: Sandbox,
    private readonly directory: string,
  ) {}

  static async open(vpn: Vpn): Promise<ScaleStage> {
    const stage = new ScaleStage(vpn, await sandbox(), await mkdtemp(join(tmpdir(), "holdfast-scale-")));
    try {
      await stage.#build();
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #build(): Promise<void> {
    const { vpn, hub, directory } = this;
    await hub.must("ip", "link", "add", "br0", "type", "bridge");
    await hub.must("ip", "link", "set", "br0", "up");
    const network = join(directory, "vpn.json");
    await writeFile(network, JSON.stringify(vpn));
    const programs = {
      network,
      openvpn: await transpiled("bench/vpn-scale-openvpn.ts", join(directory, "openvpn")),
      watch: await transpiled("bench/vpn-scale-watch.ts", join(directory, "watch")),
    };
    for (const [place, { name }] of vpn.servers.entries()) {
      const machine = await sandbox();
      this.servers.push(new ScaleServer(name, place, machine, programs));
      await this.#furnish(machine, place);
    }
    for (const one of this.servers)
      for (const other of this.servers) if (one.place < other.place) await this.#tunnel(one, other);
  }

  /** What the rendered files and OpenVPN would make of a machine, but for the tunnels. */
  async #furnish(machine: Sandbox, place: number): Promise<void> {
    const server = this.vpn.servers[place];
    if (server === undefined) throw new Error("no such server");
    await machine.must("mkdir", "-p", "/run/holdfast", "/run/openvpn", "/run/bird", "/run/state");
    await machine.install([
      { path: vpnPaths.bird, mode: 0o640, body: bird.render(this.vpn, server) },
      { path: passwordFile, mode: 0o600, body: `${password}\n` },
    ]);
    await this.#join(this.hub, `p${place}`, machine, "eth0");
    await this.hub.must("ip", "link", "set", `p${place}`, "master", "br0");
    await machine.must("ip", "addr", "add", `${server.addresses[0]?.address}/24`, "dev", "eth0");
    await machine.must("ip", "link", "add", server.device, "type", "veth", "peer", "name", "clients");
    for (const device of ["clients", server.device]) await machine.must("ip", "link", "set", device, "up");
    await machine.must("ip", "addr", "add", `10.200.${place}.1/24`, "dev", server.device);
  }

  /** A pair of cables instead of a pair of OpenVPNs: what is measured is who carries which route, and not who carries packets. */
  async #tunnel(one: ScaleServer, other: ScaleServer): Promise<void> {
    const [a, b] = [one, other].map(({ name }) => vpnServerNamed(this.vpn, name));
    if (a === undefined || b === undefined) return;
    const device = (from: typeof a, to: typeof a) =>
      tunnelsOf(this.vpn, from).find(({ peer }) => peer.name === to.name)?.device ?? "";
    await this.#join(one.machine, device(a, b), other.machine, device(b, a));
    await one.machine.must("ip", "addr", "add", a.backbone, "peer", b.backbone, "dev", device(a, b));
    await other.machine.must("ip", "addr", "add", b.backbone, "peer", a.backbone, "dev", device(b, a));
  }

  async #join(one: Sandbox, device: string, other: Sandbox, far: string): Promise<void> {
    await one.must("ip", "link", "add", device, "type", "veth", "peer", "name", "far");
    await one.must("ip", "link", "set", device, "up");
    const { exitCode, stderr } = await outside([
      "nsenter",
      "--net",
      "--target",
      one.pid,
      "ip",
      "link",
      "set",
      "far",
      "name",
      far,
      "netns",
      other.pid,
    ]);
    if (exitCode !== 0) throw new Error(stderr);
    await other.must("ip", "link", "set", far, "up");
  }

  /** Waits until all have so many prefixes. @returns when the last of them had */
  async until(
    servers: readonly ScaleServer[],
    isThere: (prefixes: number, server: ScaleServer) => boolean,
    { patience, signal }: { readonly patience: number; readonly signal: AbortSignal },
  ): Promise<number> {
    const end = performance.now() + patience;
    for (const server of servers)
      while (!isThere(await server.prefixes(), server)) {
        if (performance.now() > end)
          throw new Error(
            `${server.name} has ${await server.prefixes()} prefixes after ${patience / 1_000} s`,
          );
        await sleep(pause, undefined, { signal });
      }
    return performance.now();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map(({ machine }) => machine[Symbol.asyncDispose]()));
    await this.hub[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }
}
