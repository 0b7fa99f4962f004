import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Outcome, Progress } from "../../src/api/progress.js";
import { readGeneration } from "../../src/deploy/history.js";
import type { Begun } from "../../src/fleet/changes.js";
import type { ApplyRequest } from "../../src/fleet/coordinator.js";
import type { Member } from "../../src/fleet/member.js";
import { Office } from "../../src/fleet/office.js";
import type { OwnMember } from "../../src/fleet/office-parts.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { machineNames } from "../../src/topology/machines.js";
import { filesOfServer } from "../vpn/identity-maker.js";
import { NodeOfFleet } from "./node-of-fleet.js";

/** Two nodes, three controllers. */
export const pairText = readFileSync(
  fileURLToPath(new URL("../../examples/pair.yaml", import.meta.url)),
  "utf8",
);

/** The pair with a third node. */
export const threeText = pairText.replace(
  "failover:",
  `  - name: lb-c
    interfaces:
      switches:    { device: eth1, address: 10.0.1.4 }
      controllers: { device: eth2, address: 10.0.2.4 }
      management:  { device: eth3, address: 10.0.9.4 }

failover:`,
);

const overlay = readFileSync(fileURLToPath(new URL("../../examples/overlay.yaml", import.meta.url)), "utf8");

/** Two VPN servers alone. */
export const vpnText = overlay.replace("cluster: overlay", "cluster: campus");

/** The pair, and two VPN servers beside it. */
export const bothText = `${pairText}${overlay.slice(overlay.indexOf("vpn:"))}`;

/** The same with one client more. */
export const joined = (text: string): string =>
  text.replace(/^.*name: host2,.*$/m, "$&\n    - { name: host3, address: 10.100.200.3 }");

/** The same with one controller more. */
export const grown = (text: string): string =>
  text.replace(/^.*name: c3,.*$/m, "$&\n      - { name: c9, address: 10.0.2.19, port: 6653 }");

/** The same with adverts ten times as far apart: keepalived has to be told. */
export const slower = (text: string): string => text.replace("profile: balanced", "profile: conservative");

/** Nodes in memory, each with its office; their words reach each other directly, or not at all. */
export class FleetInMemory {
  readonly nodes = new Map<string, NodeOfFleet>();
  readonly members = new Map<string, OwnMember>();
  readonly offices = new Map<string, Office>();
  /** Nodes that nobody can reach. */
  readonly silent = new Set<string>();
  /** Nodes that their peers reach in another way. */
  readonly remote = new Map<string, Member>();
  /** `lb-b hear`: it does that, and its answer is lost. */
  readonly lost = new Set<string>();
  /** What was told as events. */
  readonly told: string[] = [];
  cluster: Cluster | null = null;

  static async of(...names: string[]): Promise<FleetInMemory> {
    const fleet = new FleetInMemory();
    for (const name of names) {
      const node = new NodeOfFleet(name);
      if (name.startsWith("vpn-"))
        for (const [path, body] of Object.entries(await filesOfServer(name))) node.host.put(path, body);
      const cluster = () => fleet.cluster;
      const { member, book } = await node.member(cluster, () => fleet.peersOf(name));
      fleet.nodes.set(name, node);
      fleet.members.set(name, member);
      const office = new Office({
        own: member,
        clusterName: "campus",
        cluster,
        peers: ([target]) =>
          (target === undefined ? [] : machineNames(target)).flatMap((peer) =>
            peer === name ? [] : (fleet.remote.get(peer) ?? fleet.#peer(peer)),
          ),
        render: node.render,
        book,
        topologyOf: async (number) => (await readGeneration(node.host, number))?.topology ?? null,
        tell: (kind, text) => fleet.told.push(`${kind}: ${text}`),
      });
      fleet.offices.set(name, office);
    }
    return fleet;
  }

  /** A fleet whose nodes all run `text` as generation 1. */
  static async running(text: string, ...names: string[]): Promise<FleetInMemory> {
    const fleet = await FleetInMemory.of(...names);
    await fleet.apply({ topology: text });
    fleet.cluster = loadTopology(text).cluster;
    fleet.node("lb-a").holds = 2;
    fleet.node("lb-a").standing = { ...fleet.node("lb-a").standing, role: "active" };
    return fleet;
  }

  node(name: string): NodeOfFleet {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`no ${name} in this fleet`);
    return node;
  }

  member(name: string): OwnMember {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`no ${name} in this fleet`);
    return member;
  }

  office(name: string): Office {
    const office = this.offices.get(name);
    if (office === undefined) throw new Error(`no ${name} in this fleet`);
    return office;
  }

  begin(request: Partial<ApplyRequest>, at = "lb-a"): Promise<Begun> {
    const defaults = { topology: pairText, plan: null, message: "", without: [], confirmTimeout: null };
    return this.office(at).apply({ ...defaults, ...request }, "anna");
  }

  async apply(request: Partial<ApplyRequest>, at = "lb-a"): Promise<Followed> {
    return this.follow(await this.begin(request, at), at);
  }

  async follow({ id }: Begun, at = "lb-a"): Promise<Followed> {
    const said: Progress[] = [];
    for await (const { data } of this.office(at).progress(id)) said.push(data);
    const outcome = said.pop();
    if (outcome?.kind !== "ended") throw new Error("it never ended");
    return {
      outcome,
      said: said.map((progress) => ("node" in progress ? `${progress.kind} ${progress.node}` : "")),
      complaints: said.flatMap((progress) => (progress.kind === "failed" ? progress.why : [])),
    };
  }

  /** The number of the generation that each node runs. */
  async numbers(): Promise<(number | null)[]> {
    return Promise.all(
      [...this.members.values()].map(async (member) => (await member.survey()).current?.number ?? null),
    );
  }

  states = () => [...this.nodes.values()].map((node) => node.state());

  peersOf = (own: string): Member[] =>
    [...this.members.keys()].filter((name) => name !== own).map((name) => this.#peer(name));

  /** A member as another node's agent reaches it. */
  #peer(name: string): Member {
    const { silent, lost } = this;
    return new Proxy<Member>(this.member(name), {
      get: (member, key) => {
        const value: unknown = Reflect.get(member, key);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          if (silent.has(name))
            throw new Error(`${name} is out of reach: 10.0.9.3:7443: nobody listens there`);
          const result: unknown = await value.apply(member, args);
          if (lost.has(`${name} ${String(key)}`)) throw new Error(`${name}: the connection was cut`);
          return result;
        };
      },
    });
  }
}

export interface Followed {
  readonly outcome: Outcome;
  /** `prepared lb-a`, in order. */
  readonly said: readonly string[];
  /** Why what failed did. */
  readonly complaints: readonly string[];
}
