import { createHash } from "node:crypto";
import type { ClaimAnswer } from "../../api/vpn.js";
import type { Vpn } from "../../topology/cluster.js";
import type { ClaimMessage } from "../../vpn/claims.js";
import { Whose } from "../../vpn/whose.js";
import type { VpnReport, VpnRouteReport } from "./vpn-report.js";
import { VpnWatch, type VpnWatchParts } from "./vpn-watch.js";

export type KeeperParts = Omit<VpnWatchParts, "vpn" | "whose" | "server" | "memory">;

/** Watches the VPN server that this machine is by the topology that runs; no server, no watch. */
export class VpnKeeper {
  #watch: VpnWatch | null = null;
  #server: string | null = null;
  #written = "";

  constructor(private readonly parts: KeeperParts) {}

  /** Null where this machine is no VPN server. */
  get report(): VpnReport | null {
    return this.#watch?.report ?? null;
  }

  /** As they stand now; null where BIRD does not say, or this machine is no VPN server. */
  async routes(): Promise<readonly VpnRouteReport[] | null> {
    return (await this.#watch?.routes()) ?? null;
  }

  /** @param machine this one's name. Nothing happens where the topology says the same as before */
  follow(vpn: Vpn | null, machine: string): void {
    const server = vpn?.servers.find(({ name }) => name === machine);
    // With 80,000 clients the text itself has 8 MB.
    const text = JSON.stringify([server?.name ?? null, server === undefined ? null : vpn]);
    const written = createHash("sha256").update(text).digest("hex");
    if (written === this.#written) return;
    const before = this.#server === server?.name ? this.#watch?.memory : undefined;
    this.stop();
    this.#written = written;
    if (vpn === null || server === undefined) return;
    const watch = new VpnWatch({
      ...this.parts,
      // Of the clients it keeps no more than whose an address is.
      ...{ vpn: { ...vpn, clients: [] }, whose: new Whose(vpn) },
      server,
      ...(before === undefined ? {} : { memory: before }),
    });
    this.#watch = watch;
    this.#server = server.name;
    watch.start().catch((error: unknown) => {
      this.parts.log.error({ err: error }, "the watch of this VPN server cannot begin");
      // What follows the topology tries again.
      if (this.#watch === watch) this.stop();
    });
  }

  /** What the agent of another server tells. @param teller by its certificate */
  hear(teller: string, message: ClaimMessage): ClaimAnswer {
    return this.#watch?.hear(teller, message) ?? { whole: false };
  }

  /** Everything stays as it stands. */
  stop(): void {
    this.#watch?.stop();
    this.#watch = null;
    this.#server = null;
    this.#written = "";
  }
}
