import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { advertLinks, parseProbe, probeLines } from "../../preflight/protocol-112.js";
import type { Cluster, Node } from "../../topology/cluster.js";

const program = fileURLToPath(new URL("../../../programs/vrrp-probe.pl", import.meta.url));

/** Of the adverts that are due, so many at least: fewer would not keep a standby from taking over for long. */
const share = 0.5;
/** Milliseconds for which what was heard counts: the next listening has ended by then. */
const counts = 1_500;

/**
 * Whether a peer's adverts arrive where keepalived hears them: behind the INPUT chain, which tcpdump stands in front of.
 * Listens while somebody asks, and at no other time. What nobody could listen to does not arrive.
 */
export class AdvertsHeard {
  private readonly seconds: number;
  private readonly least: number;
  private listening = false;
  /** `NETWORK PEER`, and when the last listening ended (performance.now()). */
  private heard: ReadonlySet<string> = new Set();
  private at = Number.NEGATIVE_INFINITY;

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
    void this.listen();
    const fresh = performance.now() - this.at <= this.seconds * 1_000 + counts;
    return fresh && this.heard.has(`${network} ${peer}`);
  }

  private async listen(): Promise<void> {
    if (this.listening) return;
    this.listening = true;
    try {
      const links = advertLinks(this.cluster, this.node);
      const argv = ["perl", program, String(this.seconds)];
      const timeout = this.seconds * 1_000 + 5_000;
      const { exitCode, stdout, stderr } = await this.host.run(argv, { stdin: probeLines(links), timeout });
      if (exitCode !== 0) throw new Error(stderr.trim());
      const { received } = parseProbe(stdout);
      const arriving = links.filter(
        ({ own, address }) => (received.get(`${own} ${address}`) ?? 0) >= this.least,
      );
      this.heard = new Set(arriving.map(({ network, peer }) => `${network} ${peer}`));
      this.at = performance.now();
    } catch (error) {
      this.failed(error instanceof Error ? error.message : String(error));
    } finally {
      this.listening = false;
    }
  }
}
