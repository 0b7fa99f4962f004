import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Cluster } from "../../topology/cluster.js";

/** An address that came to stand on an interface, or was taken from it. */
export interface AddressMove {
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly gone: boolean;
}

/** A line of `ip -o -ts monitor address` (ip-monitor(8)) in UTC; null for one that tells of no address. */
export function parseAddressMove(line: string): AddressMove | null {
  const stamp =
    /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)\]\s*(Deleted )?\d+: \S+\s+inet6? ([0-9a-f.:]+)\//.exec(line);
  const [, second, fraction, deleted, address] = stamp ?? [];
  if (second === undefined || address === undefined) return null;
  const at = Date.parse(`${second}Z`) + Number(fraction) * 1_000;
  return { address, at, gone: deleted !== undefined };
}

/** Moves kept; a takeover has one for each virtual address, and so has a loss. */
const kept = 256;
/** Milliseconds until a monitor that ended is started again. */
const again = 5_000;

/** Remembers when virtual addresses came to this node's interfaces and left them. It costs nothing while they stay. */
export class AddressWatch {
  private readonly moves: (AddressMove & { readonly network: string })[] = [];
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
    return this.moves.filter((each) => each.network === network && !each.gone).map(({ at }) => at);
  }

  /** Those that left a network's interface, oldest first. */
  departures(network: string): AddressMove[] {
    return this.moves.filter((each) => each.network === network && each.gone);
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
    const move = parseAddressMove(line);
    const network = move && this.networkOf.get(move.address);
    if (!move || !network) return;
    this.moves.push({ ...move, network });
    this.moves.splice(0, this.moves.length - kept);
  }
}
