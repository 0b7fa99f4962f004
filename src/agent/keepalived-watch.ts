import { parsePids } from "../observe/process.js";
import type { InstanceState, ProcessState, VrrpState } from "../observe/state.js";
import { paths } from "../render/paths.js";
import { childrenOf, identify, kill, type ProcessId, readNow, stateOf } from "./processes.js";
import { VrrpFifo } from "./vrrp-fifo.js";

/** Milliseconds between two looks at the process: a frozen one is found within two of them. */
const lookEvery = 25;

/** Looks between two at the FIFO's name, which a reload makes anew; what is written meanwhile waits in it. */
const looksPerFifo = 8;

interface Keepalived {
  readonly parent: ProcessId;
  /** The child that speaks VRRP and holds the addresses. */
  readonly vrrp: ProcessId;
}

export interface KeepalivedListener {
  /** A role changed, or the process came or went. */
  changed(): void;
  /** The VRRP process ended or froze; its addresses may still stand on the interfaces. */
  orphaned(how: "dead" | "frozen"): void;
  /** A process that was not known before: its state is to be asked for. */
  appeared(): void;
}

/** Follows keepalived by the end of its FIFO and by /proc. A frozen one is killed: resumed, it would still believe to be master. */
export class KeepalivedWatch {
  private known: Keepalived | null = null;
  private frozenLooks = 0;
  private looks = 0;
  private readonly roles = new Map<string, VrrpState>();
  private readonly fifo: VrrpFifo;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly listener: KeepalivedListener) {
    this.fifo = new VrrpFifo(paths.vrrpFifo, {
      event: ({ network, state }) => {
        this.roles.set(network, state === "stop" ? "init" : state);
        this.listener.changed();
      },
      end: () => this.look(),
    });
    this.timer = setInterval(() => this.look(), lookEvery);
    this.look();
  }

  get process(): ProcessState {
    return this.known === null ? "dead" : "running";
  }

  /** By network; empty while unknown. */
  get states(): ReadonlyMap<string, VrrpState> {
    return this.roles;
  }

  /** Takes keepalived's own dump for what the FIFO has not told yet. */
  learn(instances: readonly InstanceState[]): void {
    for (const { network, state } of instances) if (!this.roles.has(network)) this.roles.set(network, state);
    this.listener.changed();
  }

  stop(): void {
    clearInterval(this.timer);
    this.fifo.close();
  }

  private look(): void {
    if (this.known !== null) this.judge(this.known);
    this.looks += 1;
    if (this.known === null || this.looks % looksPerFifo === 0) this.fifo.ensure();
    if (this.known !== null) return;
    this.known = find();
    if (this.known === null) return;
    this.listener.appeared();
    this.listener.changed();
  }

  private judge(keepalived: Keepalived): void {
    const state = stateOf(keepalived.vrrp);
    // One look can meet a debugger's short stop; two in a row are a freeze.
    this.frozenLooks = state === "frozen" ? this.frozenLooks + 1 : 0;
    if (state === "dead") this.lose("dead");
    else if (this.frozenLooks === 2) {
      kill(keepalived.vrrp);
      kill(keepalived.parent);
      this.lose("frozen");
    }
  }

  private lose(how: "dead" | "frozen"): void {
    this.known = null;
    this.frozenLooks = 0;
    this.roles.clear();
    this.listener.orphaned(how);
    this.listener.changed();
  }
}

function find(): Keepalived | null {
  const [pid] = parsePids(readNow(paths.keepalivedPid));
  const parent = pid === undefined ? null : identify(pid);
  if (parent === null) return null;
  const vrrp = childrenOf(parent.pid)
    .map(identify)
    .find((child) => child !== null);
  return vrrp ? { parent, vrrp } : null;
}
