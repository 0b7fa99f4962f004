import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Cluster } from "../../topology/cluster.js";

/** An address that came to stand on an interface. */
export interface Arrival {
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A line of `ip -o -ts monitor address` (ip-monitor(8)) in UTC; null for one that tells of no arrival. */
export function parseArrival(line: string): Arrival | null {
  const stamp = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)\]\s*\d+: \S+\s+inet6? ([0-9a-f.:]+)\//.exec(line);
  const [, second, fraction, address] = stamp ?? [];
  if (second === undefined || address === undefined) return null;
  return { address, at: Date.parse(`${second}Z`) + Number(fraction) * 1_000 };
}

/** Arrivals kept; a takeover has one for each virtual address. */
const kept = 256;
/** Milliseconds until a monitor that ended is started again. */
const again = 5_000;

/** Remembers when virtual addresses came to stand on this node's interfaces. It costs nothing while they stay. */
export class AddressWatch {
  private readonly arrivals: { readonly network: string; readonly at: number }[] = [];
  private readonly networkOf: ReadonlyMap<string, string>;
  private monitor: ChildProcess | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(cluster: Cluster) {
    this.networkOf = new Map(
      cluster.virtualIps.flatMap(({ network, addresses }) =>
        addresses.map(({ address }): [string, string] => [address, network]),
      ),
    );
    this.start();
  }

  /** When addresses of a network arrived, oldest first. */
  on(network: string): number[] {
    return this.arrivals.filter((each) => each.network === network).map(({ at }) => at);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    const { monitor } = this;
    this.monitor = null;
    monitor?.kill("SIGKILL");
  }

  private start(): void {
    const argv = ["--pdeathsig", "KILL", "ip", "-o", "-ts", "monitor", "address"];
    const monitor = spawn("setpriv", argv, {
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" },
    });
    this.monitor = monitor;
    createInterface({ input: monitor.stdout }).on("line", (line) => this.take(line));
    const later = (): void => {
      if (this.monitor !== monitor) return;
      this.monitor = null;
      this.timer = setTimeout(() => this.start(), again);
    };
    monitor.once("error", later).once("exit", later);
  }

  private take(line: string): void {
    const arrival = parseArrival(line);
    const network = arrival && this.networkOf.get(arrival.address);
    if (!arrival || !network) return;
    this.arrivals.push({ network, at: arrival.at });
    this.arrivals.splice(0, this.arrivals.length - kept);
  }
}
