import { parsePids } from "../../observe/process.js";
import type { InstanceState, ProcessState, VrrpState } from "../../observe/state.js";
import { paths } from "../../render/paths.js";
import { childrenOf, readNow, WatchedProcess } from "./processes.js";
import { VrrpFifo } from "./vrrp-fifo.js";

/** Milliseconds until a second look proves what the first one saw: a debugger's stop is shorter than that. */
const secondLook = 10;

/** Looks between two at the FIFO's name, which a reload makes anew; what is written meanwhile waits in it. */
const looksPerFifo = 4;

interface Keepalived {
  readonly parent: WatchedProcess;
  /** The child that speaks VRRP and holds the addresses. */
  readonly vrrp: WatchedProcess;
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
  private second: NodeJS.Timeout | null = null;
  private looks = 0;
  private readonly roles: Map<string, VrrpState>;
  private readonly fifo: VrrpFifo;

  /** @param roles what an earlier watch knew: a process that was known to it does not appear again */
  constructor(
    private readonly listener: KeepalivedListener,
    roles: ReadonlyMap<string, VrrpState> = new Map(),
  ) {
    this.roles = new Map(roles);
    this.fifo = new VrrpFifo(paths.vrrpFifo, {
      event: ({ network, state }) => {
        this.roles.set(network, state === "stop" ? "init" : state);
        this.listener.changed();
      },
      // It reloads, or it is just ending.
      end: () => {
        this.look();
        this.lookAgain();
      },
    });
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

  /** Cheap: to be called as often as a frozen process has to be found. */
  look(): void {
    if (this.known !== null) this.judge(this.known);
    this.looks += 1;
    if (this.known === null || this.looks % looksPerFifo === 0) this.fifo.ensure();
    if (this.known !== null) return;
    this.known = find();
    if (this.known === null) return;
    if (this.roles.size === 0) this.listener.appeared();
    this.listener.changed();
  }

  stop(): void {
    if (this.second) clearTimeout(this.second);
    this.forget();
    this.fifo.close();
  }

  private judge({ vrrp }: Keepalived): void {
    const state = vrrp.state();
    if (state === "dead") this.lose("dead");
    else if (state === "frozen") this.lookAgain();
  }

  private lookAgain(): void {
    this.second ??= setTimeout(() => {
      this.second = null;
      this.fifo.ensure();
      if (this.known?.vrrp.state() === "frozen") this.end(this.known);
      else this.look();
    }, secondLook);
  }

  private end({ vrrp, parent }: Keepalived): void {
    vrrp.kill();
    parent.kill();
    this.lose("frozen");
  }

  private lose(how: "dead" | "frozen"): void {
    this.forget();
    this.roles.clear();
    this.listener.orphaned(how);
    this.listener.changed();
  }

  private forget(): void {
    this.known?.parent.close();
    this.known?.vrrp.close();
    this.known = null;
  }
}

function find(): Keepalived | null {
  const [pid] = parsePids(readNow(paths.keepalivedPid));
  const parent = pid === undefined ? null : WatchedProcess.open(pid);
  if (parent === null) return null;
  for (const child of childrenOf(parent.pid)) {
    const vrrp = WatchedProcess.open(child);
    if (vrrp !== null) return { parent, vrrp };
  }
  parent.close();
  return null;
}
