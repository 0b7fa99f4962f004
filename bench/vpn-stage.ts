import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../test/engines/sandbox.js";
import { logOf, Overlay, passwordFile } from "../test/engines/vpn-overlay.js";
import { VpnWatches } from "../test/engines/vpn-watches.js";
import { vpnOf } from "../test/topology/vpn-networks.js";

/** Three servers, a client that keeps its address on each of them, one that stays and one that has an address of its server. */
const vpn = vpnOf(`
name: overlay
pool: 10.100.0.0/16
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: 10.100.100.0/24, backbone: 10.200.200.1, management: { socket: /run/openvpn/a.sock, password_file: ${passwordFile} } }
  - { name: vpn-b, address: 203.0.113.20, clients: 10.100.101.0/24, backbone: 10.200.200.2, management: { socket: /run/openvpn/b.sock, password_file: ${passwordFile} } }
  - { name: vpn-c, address: 203.0.113.30, clients: 10.100.102.0/24, backbone: 10.200.200.3, management: { socket: /run/openvpn/c.sock, password_file: ${passwordFile} } }
clients:
  - { name: host1, address: 10.100.200.1 }
  - { name: host2, address: 10.100.200.2 }
`);

/** Milliseconds between two packets of a stream. */
export const streamInterval = 5;
/** Milliseconds after which what does not happen is not waited for any more. */
const patience = 30_000;

export const serverNames = vpn.servers.map(({ name }) => name);
export const fixedAddress = { host1: "10.100.200.1", host2: "10.100.200.2" } as const;

/** Echo requests from a client, and when each was answered. */
export interface Stream {
  /** When answers came, milliseconds since 1970. */
  answers(): Promise<number[]>;
}

/** Real OpenVPN, BIRD and the agents' part on three servers' machines. */
export class VpnStage implements AsyncDisposable {
  readonly servers = new Map<string, Sandbox>();
  readonly clients = new Map<string, Sandbox>();
  #streams = 0;

  private constructor(
    readonly overlay: Overlay,
    private readonly watches: VpnWatches,
  ) {}

  static async open(): Promise<VpnStage> {
    const stage = new VpnStage(await Overlay.open(vpn), await VpnWatches.prepare(vpn));
    try {
      for (const name of serverNames) {
        const machine = await stage.overlay.server(name);
        stage.servers.set(name, machine);
        stage.watches.start(machine, name);
      }
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** One for the length of `work`. */
  static async during<T>(work: (stage: VpnStage) => Promise<T>): Promise<T> {
    const stage = await VpnStage.open();
    try {
      return await work(stage);
    } finally {
      await stage[Symbol.asyncDispose]();
    }
  }

  server(name: string): Sandbox {
    return found(this.servers.get(name), name);
  }

  client(name: string): Sandbox {
    return found(this.clients.get(name), name);
  }

  async connect(name: string, number: number, first: string): Promise<void> {
    const there = this.clients.get(name);
    if (there === undefined) {
      this.clients.set(name, await this.overlay.client(name, `203.0.113.${100 + number}/24`, first));
      return;
    }
    await this.overlay.prefer(there, name, first);
    this.overlay.connect(there, name);
  }

  /** Has a client be up on a server. On a busy machine it may go by one that does not answer within a second. */
  async place(name: string, number: number, server: string, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      if (this.clients.has(name)) await this.overlay.disconnect(this.client(name), name, "KILL");
      const begun = Date.now();
      await this.connect(name, number, server);
      const up = await this.until(`${name} is up`, () => this.up(name, begun), signal);
      if (up.server === server) return;
    }
    throw new Error(`${name} does not stay on ${server}`);
  }

  /** Where and when a client was up last, after `since`; null where it was not. By OpenVPN's own log. */
  async up(name: string, since: number): Promise<{ readonly server: string; readonly at: number } | null> {
    const log = await readFile(`/proc/${this.client(name).pid}/root${logOf(name)}`, "utf8").catch(() => "");
    let address = "";
    let last: { server: string; at: number } | null = null;
    for (const line of log.split("\n")) {
      const [, peer] = /Peer Connection Initiated with \[AF_INET\]([\d.]+):/.exec(line) ?? [];
      address = peer ?? address;
      const [, seconds] = /^(\d+\.\d+) .*Initialization Sequence Completed/.exec(line) ?? [];
      const at = Number(seconds ?? 0) * 1_000;
      if (at > since) last = { at, server: nameOf(address) };
    }
    return last;
  }

  /** Waits until `look` finds something. @throws when it does not */
  async until<T>(what: string, look: () => Promise<T | null>, signal: AbortSignal): Promise<T> {
    for (const end = Date.now() + patience; Date.now() < end; await sleep(20, undefined, { signal })) {
      const seen = await look();
      if (seen !== null) return seen;
    }
    throw new Error(`${what}: not within ${patience / 1_000} s`);
  }

  /** Goes on until the stage is struck, or its client's machine goes. */
  async stream(from: string, to: string): Promise<Stream> {
    const machine = this.client(from);
    const file = `/run/stream-${this.#streams++}`;
    const interval = String(streamInterval / 1_000);
    const words = `exec ping -D -n -i ${interval} "$1" > "$2" 2> /dev/null`;
    machine.start("sh", "-c", words, "stream", to, file);
    return {
      async answers() {
        const text = await readFile(`/proc/${machine.pid}/root${file}`, "utf8").catch(() => "");
        return [...text.matchAll(/^\[(\d+\.\d+)\] \d+ bytes from/gm)].map(([, at]) => Number(at) * 1_000);
      },
    };
  }

  /** As a machine without power: no word goes out any more, and nothing of it lives. */
  async powerOff(name: string): Promise<number> {
    const machine = this.server(name);
    const at = Date.now();
    await this.overlay.cable(machine, "down");
    for (const engine of ["openvpn", "tunnels", "bird"] as const) await this.overlay.kill(machine, engine);
    await this.watches.kill(machine);
    return at;
  }

  async powerOn(name: string): Promise<void> {
    const machine = this.server(name);
    await this.overlay.cable(machine, "up");
    for (const engine of ["openvpn", "tunnels", "bird"] as const) this.overlay.start(machine, name, engine);
    this.watches.start(machine, name);
  }

  /** Waits until each server knows its clients, and has a session with each other one. */
  async settled(signal: AbortSignal): Promise<void> {
    for (const name of serverNames)
      await this.until(
        `${name} has sessions with the others`,
        async () => {
          const { stdout } = await this.server(name).run(["birdc", "-r", "show", "protocols"]);
          const sessions = stdout.match(/^peer-.* Established/gm)?.length ?? 0;
          const report = await this.watches.report(this.server(name));
          return sessions === serverNames.length - 1 && report?.counted ? true : null;
        },
        signal,
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.overlay[Symbol.asyncDispose]();
    await this.watches[Symbol.asyncDispose]();
  }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not there`);
  return value;
}

const nameOf = (address: string): string =>
  vpn.servers.find(({ addresses }) => addresses.some((each) => each.address === address))?.name ?? address;
