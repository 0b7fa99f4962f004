import { createHash } from "node:crypto";
import type { Server } from "node:http";
import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import type { NodeDocument } from "../render/node-json.js";
import { paths } from "../render/paths.js";
import { nodeNamed, peersOf } from "../topology/select.js";
import { serve } from "./api.js";
import { Engines } from "./engines.js";
import { raisedFaults } from "./faults.js";
import { Judge } from "./judge.js";
import type { Facts } from "./own-faults.js";
import { presentAddresses } from "./present-addresses.js";
import { causeOf } from "./role-change.js";
import { RulesWatch } from "./rules-watch.js";
import { servingNetworks } from "./serving.js";
import { stateDocument } from "./state-document.js";
import { Surroundings } from "./surroundings.js";
import { agentTiming } from "./timing.js";

/**
 * One node's daemon: it watches the engines and the networks, tells its peers how it is, and asks keepalived to yield
 * when a peer is less broken. It never decides who is active: that is VRRP's work, with or without it.
 */
export class Agent {
  private readonly name: { readonly node: string; readonly cluster: string; readonly digest: string };
  private readonly freshness: number;
  private readonly judge: Judge;
  private readonly surroundings: Surroundings;
  private readonly rules: RulesWatch;
  private readonly engines: Engines;
  private readonly timer: NodeJS.Timeout;
  private api: Server | null = null;

  constructor(
    { cluster, node: name }: NodeDocument,
    host: Host,
    private readonly log: Logger,
  ) {
    const node = nodeNamed(cluster, name);
    const timing = agentTiming(cluster);
    const digest = createHash("sha256").update(JSON.stringify(cluster)).digest("hex").slice(0, 12);
    this.name = { node: name, cluster: cluster.name, digest };
    this.freshness = timing.freshness;

    const subject = { cluster, node, serving: servingNetworks(cluster), freshness: timing.freshness };
    const look = (now: number) => ({ facts: this.facts(now), peers: this.surroundings.peers(now) });
    this.judge = new Judge(subject, { look, changed: () => this.surroundings.tell() }, log);
    const changed = () => this.judge.judge();

    const word = () => {
      const { severity, ledger, decision } = this.judge.current;
      return { severity, faults: raisedFaults(ledger), yielding: decision.yield };
    };
    const role = (network: string) => this.engines.role(network);
    const listener = { word, role, changed };
    this.surroundings = new Surroundings(cluster, node, digest, timing, host, listener, log);

    this.rules = new RulesWatch(host, cluster, log);
    const peers = peersOf(cluster, node).map((peer) => peer.name);
    const took = (network: string, newRole: string) => {
      const cause = causeOf(
        newRole,
        this.judge.current.decision,
        this.surroundings.fresh(performance.now()),
        peers,
      );
      log.info({ network, role: newRole, cause }, "role changed");
    };
    this.engines = new Engines(
      host,
      cluster,
      node,
      timing.grace,
      { changed, role: took, servers: (servers) => this.rules.servers(servers) },
      log,
    );

    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      const late = now - last > timing.judge + timing.late;
      last = now;
      this.surroundings.ask(now);
      // What arrived while this process stood still is read first.
      if (!late) this.judge.judge();
    }, timing.judge);
  }

  async start(): Promise<void> {
    this.api = await serve(paths.agentSocket, {
      state: () => this.state(),
      yieldFor: (milliseconds) => this.judge.stepBack(milliseconds),
    });
    this.log.info(this.name, "agent runs");
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.rules.stop();
    this.surroundings.stop();
    this.api?.close();
    this.api?.closeAllConnections();
    await this.engines.stop();
    this.judge.stop();
    this.log.info("agent ends");
  }

  private facts(now: number): Facts {
    return {
      ...this.engines.facts(now),
      present: presentAddresses(),
      deadNetworks: this.surroundings.deadNetworks(now),
      rulesMissing: this.rules.missing.length > 0,
    };
  }

  private state() {
    const now = performance.now();
    return stateDocument({
      ...this.name,
      judgement: this.judge.current,
      engines: this.engines.report(),
      networks: this.surroundings.report(now),
      peers: this.surroundings.peers(now),
      freshness: this.freshness,
    });
  }
}
