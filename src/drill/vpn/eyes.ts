import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Lab } from "../../lab/lab.js";
import { namespaceOf } from "../../lab/names.js";
import { program } from "../../lab/program.js";
import { whereabouts } from "./client-log.js";
import { allOthers, reachable, type ServerSight, type Sight, type World } from "./world.js";

/** Where the lab has a client's OpenVPN write. */
export const clientLog = "/run/log/openvpn.log";

/** Seconds that answers may take. Many at once may get lost, which says nothing of routes: whoever should answer is asked again. */
const sure = { wait: 1.2, tries: 4 };
/** Whoever should not has nothing to lose. */
const quick = { wait: 0.3, tries: 1 };

/** Looks at VPN servers and clients of a lab: the clients' logs, the kernels' routes, BIRD's words, and echo requests. */
export class VpnEyes {
  readonly #pings;
  readonly #answers;
  readonly #servers: ReadonlyMap<string, string>;

  /** @param begun where in its log each client's last start began, in characters */
  constructor(
    private readonly lab: Lab,
    private readonly world: World,
    private readonly begun: ReadonlyMap<string, number>,
  ) {
    const names = world.clients.map(({ name }) => this.#namespace(name));
    this.#pings = spawn("/usr/bin/python3", ["-B", program.pingMatrix, ...names], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#answers = createInterface({ input: this.#pings.stdout })[Symbol.asyncIterator]();
    this.#servers = new Map(
      world.servers.flatMap(({ name, addresses }) => addresses.map((address) => [address, name] as const)),
    );
  }

  async look(): Promise<Sight> {
    const clients = new Map(
      await Promise.all(this.world.clients.map(async ({ name }) => [name, await this.#where(name)] as const)),
    );
    const servers = new Map<string, ServerSight>();
    await Promise.all(
      this.world.servers
        .filter(({ on }) => on)
        .map(async ({ name, device }) => {
          const seen = await this.#server(name, device).catch(() => null);
          if (seen !== null) servers.set(name, seen);
        }),
    );
    return { clients, servers, answered: await this.#ask(clients) };
  }

  async #where(client: string) {
    if (!this.world.clients.some(({ name, running }) => name === client && running)) return null;
    const log = (await this.lab.machine(client).host.read(clientLog)) ?? "";
    return whereabouts(log.slice(this.begun.get(client) ?? 0), this.#servers);
  }

  async #server(name: string, device: string): Promise<ServerSight> {
    const machine = this.lab.machine(name);
    const [four, six, birdc] = await Promise.all([
      machine.exec(["ip", "-json", "-4", "route", "show"]),
      machine.exec(["ip", "-json", "-6", "route", "show"]),
      machine.exec(["birdc", "-r", "show", "protocols"]),
    ]);
    const routes = [four, six].flatMap(({ stdout }) => JSON.parse(stdout || "[]") as KernelRoute[]);
    // The kernel has the other end of each tunnel at its device.
    const devices = new Map(
      this.world.servers.flatMap((server) => {
        const dev = routes.find(({ dst, protocol }) => dst === server.backbone && protocol === "kernel")?.dev;
        return dev === undefined ? [] : [[dev, server.name] as const];
      }),
    );
    devices.set(device, "here");
    return {
      routes: routes
        .filter(({ protocol }) => protocol === "111" || protocol === "bird")
        .map(({ dst, dev = "nowhere" }) => `${dst} ${devices.get(dev) ?? dev}`),
      sessions: [...birdc.stdout.matchAll(/^peer-(\S+) .* Established/gm)].map(([, peer]) => peer ?? ""),
    };
  }

  async #ask(clients: Sight["clients"]): Promise<Sight["answered"]> {
    const askers = this.world.clients.map(({ name }) => name).filter((name) => clients.get(name));
    const wanted = new Map(askers.map((name) => [name, reachable(this.world, clients, name)]));
    const others = new Map(
      askers.map((name) => {
        const own = wanted.get(name) ?? [];
        return [name, allOthers(this.world, clients, name).filter((each) => !own.includes(each))];
      }),
    );
    const answers = [await this.#echoes(wanted, sure), await this.#echoes(others, quick)];
    return new Map(
      askers.map((name) => [name, new Set(answers.flatMap((each) => each[this.#namespace(name)] ?? []))]),
    );
  }

  /** @param asks addresses by client */
  async #echoes(
    asks: ReadonlyMap<string, readonly string[]>,
    patience: typeof sure | typeof quick,
  ): Promise<Readonly<Record<string, string[]>>> {
    const named = [...asks].filter(([, addresses]) => addresses.length > 0);
    if (named.length === 0) return {};
    const words = Object.fromEntries(named.map(([name, addresses]) => [this.#namespace(name), addresses]));
    this.#pings.stdin.write(`${JSON.stringify({ ...patience, asks: words })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("the program that asks has ended");
    return JSON.parse(value) as Record<string, string[]>;
  }

  #namespace(client: string): string {
    return namespaceOf(this.lab.cluster.name, client);
  }

  async stop(): Promise<void> {
    if (this.#pings.exitCode !== null) return;
    const ended = once(this.#pings, "exit");
    this.#pings.stdin.end();
    await ended;
  }
}

interface KernelRoute {
  readonly dst: string;
  readonly dev?: string;
  readonly protocol: string;
}
