import type { SyncLook } from "../../../src/agent/sync/look.js";
import { type SyncReport, syncReport } from "../../../src/agent/sync/sync-report.js";
import {
  acted,
  dueAction,
  initialSync,
  looked,
  type SyncAction,
  type SyncState,
} from "../../../src/agent/sync/sync-state.js";

/** A node as far as the sync goes: its kernel's table, its conntrackd, and its agent. */
interface SyncedNode {
  readonly name: string;
  powered: boolean;
  kernel: Set<number>;
  engine: { instance: number; cache: Set<number>; injected: number; received: number } | null;
  agent: { state: SyncState; look: SyncLook | null } | null;
}

/** Milliseconds between two looks of every agent. */
export const step = 500;

/**
 * Nodes with a conntrackd that behaves as 1.4.7 was seen to: it fills its cache from the kernel when it starts, sends
 * all of it to whoever asks, and puts what arrives into the kernel at once, whatever stands there.
 */
export class ClusterInMemory {
  readonly nodes: SyncedNode[];
  now = 0;
  linked = true;
  /** Of what is sent in one go, the part that arrives. */
  arriving = 1;
  /** Index of the node that holds the virtual IPs; null while nobody does. */
  active: number | null = 0;
  private instances = 1;
  private sessions = 0;

  constructor(count: number) {
    this.nodes = Array.from({ length: count }, (_, index) => ({
      name: `lb-${"abcd"[index]}`,
      powered: true,
      kernel: new Set(),
      engine: null,
      agent: null,
    }));
    for (const node of this.nodes) this.boot(node);
  }

  node(index: number): SyncedNode {
    const node = this.nodes[index % this.nodes.length];
    if (node === undefined) throw new Error("a cluster has nodes");
    return node;
  }

  get holder(): SyncedNode | null {
    return this.active === null ? null : this.node(this.active);
  }

  powerOff(index: number): void {
    const node = this.node(index);
    Object.assign(node, { powered: false, kernel: new Set(), engine: null, agent: null });
    if (this.holder === node) this.move(this.nodes.findIndex(({ powered }) => powered));
  }

  powerOn(index: number): void {
    const node = this.node(index);
    if (node.powered) return;
    node.powered = true;
    this.boot(node);
    if (this.active === null) this.move(this.nodes.indexOf(node));
  }

  killEngine(index: number): void {
    const node = this.node(index);
    if (node.powered) this.startEngine(node);
  }

  stopEngine(index: number): void {
    this.node(index).engine = null;
  }

  startMissing(): void {
    for (const node of this.nodes) {
      if (node.powered && node.engine === null) this.startEngine(node);
      if (node.powered && node.agent === null) this.startAgent(node);
    }
  }

  killAgent(index: number): void {
    const node = this.node(index);
    if (node.powered) this.startAgent(node);
  }

  move(index: number): void {
    this.active = index < 0 || !this.node(index).powered ? null : index % this.nodes.length;
  }

  /** New sessions through the active node: its conntrackd tells of each as it comes. */
  open(count: number): void {
    const holder = this.holder;
    for (let left = count; left > 0 && holder !== null; left -= 1) {
      this.sessions += 1;
      holder.kernel.add(this.sessions);
      holder.engine?.cache.add(this.sessions);
      if (holder.engine !== null) this.send(holder, [this.sessions]);
    }
  }

  /** Every agent looks once, and does what is due. */
  tick(): void {
    this.now += step;
    for (const node of this.nodes)
      for (const peer of this.nodes)
        if (peer !== node && node.engine !== null && peer.engine !== null && this.linked)
          peer.engine.received += 1;
    for (const node of this.nodes) this.agentLooks(node);
  }

  pass(milliseconds: number): void {
    for (const until = this.now + milliseconds; this.now < until; ) this.tick();
  }

  report(node: SyncedNode): SyncReport | null {
    return node.agent?.look ? syncReport(node.agent.state, node.agent.look) : null;
  }

  private agentLooks(node: SyncedNode): void {
    if (node.agent === null) return;
    for (let left = 3; left > 0; left -= 1) {
      const look = this.look(node);
      node.agent.look = look;
      node.agent.state = looked(node.agent.state, look);
      const action = dueAction(node.agent.state, look);
      if (action === null) return;
      this.act(node, action);
      node.agent.state = acted(node.agent.state, action, look, null);
    }
  }

  private look(node: SyncedNode): SyncLook {
    const { engine, kernel } = node;
    const holder = this.holder;
    const peers = this.nodes.filter((peer) => peer !== node && peer.agent !== null);
    const isActivePeer = holder !== null && holder !== node && holder.agent !== null;
    return {
      now: this.now,
      time: 1_700_000_000_000 + this.now,
      role: holder === node ? "active" : "standby",
      engine: engine && {
        instance: engine.instance,
        cached: engine.cache.size,
        injected: engine.injected,
        received: engine.received,
        overruns: 0,
      },
      table: kernel.size,
      active: isActivePeer ? { node: holder.name, word: this.word(holder) } : null,
      isSpokenTo: peers.some((peer) => this.word(peer).instance !== 0),
      isWaitedFor: false,
    };
  }

  private word({ agent }: SyncedNode) {
    const engine = agent?.look?.engine ?? null;
    return {
      instance: engine?.instance ?? 0,
      epoch: agent?.state.epoch ?? null,
      entries: engine?.cached ?? 0,
      pending: false,
    };
  }

  private act(node: SyncedNode, action: SyncAction): void {
    if (node.engine === null) return;
    if (action === "ask") {
      for (const peer of this.nodes)
        if (peer !== node && peer.engine !== null && this.linked) this.send(peer, [...peer.engine.cache]);
    } else node.engine.cache = new Set(action === "publish" ? node.kernel : []);
  }

  private send(from: SyncedNode, entries: readonly number[]): void {
    if (!this.linked) return;
    const arrived = entries.slice(0, Math.ceil(entries.length * this.arriving));
    for (const peer of this.nodes) {
      if (peer === from || peer.engine === null) continue;
      for (const entry of arrived) peer.kernel.add(entry);
      peer.engine.injected += arrived.length;
    }
  }

  private boot(node: SyncedNode): void {
    this.startEngine(node);
    this.startAgent(node);
  }

  private startEngine(node: SyncedNode): void {
    this.instances += 1;
    node.engine = { instance: this.instances, cache: new Set(node.kernel), injected: 0, received: 0 };
  }

  private startAgent(node: SyncedNode): void {
    node.agent = { state: initialSync(this.now), look: null };
  }
}
