import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Lab } from "../src/lab/lab.js";
import { namespaceOf } from "../src/lab/names.js";
import { program } from "../src/lab/program.js";
import { whereabouts } from "./vpn-storm-log.js";
import { asksOf, type ServerSight, type Sight, type World } from "./vpn-storm-world.js";

/** Where the lab has a client's OpenVPN write. */
export const clientLog = "/run/log/openvpn.log";

/** Seconds that an answer may take. */
const wait = 0.4;

/** Looks at everything in a storm from outside the product: the clients' logs, the kernels' routes, BIRD's words, and echo requests. */
export class StormEyes implements AsyncDisposable {
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
    this.#servers = new Map(world.servers.map(({ name, address }) => [address, name]));
  }

  async look(): Promise<Sight> {
    const clients = new Map(
      await Promise.all(this.world.clients.map(async ({ name }) => [name, await this.#where(name)] as const)),
    );
    const servers = new Map<string, ServerSight>();
    await Promise.all(
      this.world.servers
        .filter(({ on }) => on)
        .map(async ({ name }) => {
          const seen = await this.#server(name).catch(() => null);
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

  async #server(name: string): Promise<ServerSight> {
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
    devices.set("tun0", "here");
    return {
      routes: routes
        .filter(({ protocol }) => protocol === "111" || protocol === "bird")
        .map(({ dst, dev = "nowhere" }) => `${dst} ${devices.get(dev) ?? dev}`),
      sessions: [...birdc.stdout.matchAll(/^peer-(\S+) .* Established/gm)].map(([, peer]) => peer ?? ""),
    };
  }

  async #ask(clients: Sight["clients"]): Promise<Sight["answered"]> {
    const askers = this.world.clients.filter(({ name }) => clients.get(name)).map(({ name }) => name);
    const asks = Object.fromEntries(
      askers.map((name) => [this.#namespace(name), asksOf(this.world, clients, name)]),
    );
    this.#pings.stdin.write(`${JSON.stringify({ wait, asks })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("the program that asks has ended");
    const answers = JSON.parse(value) as Record<string, string[]>;
    return new Map(askers.map((name) => [name, new Set(answers[this.#namespace(name)])]));
  }

  #namespace(client: string): string {
    return namespaceOf(this.lab.cluster.name, client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
