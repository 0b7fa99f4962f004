import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { advertLinks, parseProbe } from "../../preflight/protocol-112.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { networkNamed } from "../../topology/select.js";

const program = fileURLToPath(new URL("../../../programs/vrrp-probe.pl", import.meta.url));

/** Of the adverts that are due, so many at least: fewer would not keep a standby from taking over for long. */
const share = 0.5;
/** Milliseconds without a question after which nobody waits for the answer. */
const forgotten = 1_000;

/**
 * Whether a peer's adverts arrive where keepalived hears them: behind the INPUT chain, which tcpdump stands in front of.
 * Listens while somebody asks, and at no other time. What nobody could listen to does not arrive.
 */
export class AdvertsHeard {
  private readonly seconds: number;
  private readonly least: number;
  private listening = false;
  /** `NETWORK PEER`, of the last listening. */
  private heard: ReadonlySet<string> = new Set();
  private asked = Number.NEGATIVE_INFINITY;
  private trouble: string | null = null;

  constructor(
    private readonly host: Host,
    private readonly cluster: Cluster,
    private readonly node: Node,
    private readonly failed: (why: string) => void,
  ) {
    const { advertInterval } = cluster.failover;
    this.seconds = Math.max(1, Math.ceil((4 * advertInterval) / 1_000));
    this.least = Math.ceil((share * this.seconds * 1_000) / advertInterval);
  }

  from(peer: string, network: string): boolean {
    const now = performance.now();
    // What was heard before nobody asked any more says nothing of today.
    if (now - this.asked > forgotten) this.heard = new Set();
    this.asked = now;
    void this.listen();
    return this.heard.has(`${network} ${peer}`);
  }

  private async listen(): Promise<void> {
    if (this.listening) return;
    this.listening = true;
    // A program that ends at once is not to be started again at once.
    const pause = sleep(this.seconds * 1_000, undefined, { ref: false });
    try {
      this.heard = await this.arriving();
      this.trouble = null;
    } catch (error) {
      this.heard = new Set();
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.trouble) this.failed(why);
      this.trouble = why;
    }
    await pause;
    this.listening = false;
  }

  /** One listening: `NETWORK PEER` of those whose adverts arrive. */
  private async arriving(): Promise<Set<string>> {
    const links = advertLinks(this.cluster, this.node);
    const lines = links.map(({ own, address, network }) => {
      const { virtualRouterId } = networkNamed(this.cluster, network);
      return `${own} ${address} ${virtualRouterId}\n`;
    });
    const argv = ["perl", program, String(this.seconds)];
    const timeout = this.seconds * 1_000 + 5_000;
    const { exitCode, stdout, stderr } = await this.host.run(argv, { stdin: lines.join(""), timeout });
    if (exitCode !== 0) throw new Error(stderr.trim());
    const { received, refused } = parseProbe(stdout);
    for (const why of refused.values()) throw new Error(why);
    const heard = links.filter(({ own, address }) => (received.get(`${own} ${address}`) ?? 0) >= this.least);
    return new Set(heard.map(({ network, peer }) => `${network} ${peer}`));
  }
}
