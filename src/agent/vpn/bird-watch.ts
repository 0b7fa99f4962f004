import type { Host } from "../../host/host.js";
import { type BirdPeer, birdPeersIn, birdPrefixesIn } from "../../vpn/bird-words.js";

/** A session, and what of the other server's announcements the filters refuse. */
export interface BirdPeerReport extends BirdPeer {
  /** The first of them. */
  readonly prefixes: readonly string[];
}

/** Of a peer that announces very much the first say enough. */
const mostPrefixes = 16;

/** What BIRD says of its sessions with the other servers. */
export class BirdWatch {
  #peers: readonly BirdPeerReport[] = [];
  #trouble: string | null = null;

  constructor(private readonly host: Pick<Host, "run">) {}

  get peers(): readonly BirdPeerReport[] {
    return this.#peers;
  }

  /** Why BIRD says nothing; null where it does. */
  get trouble(): string | null {
    return this.#trouble;
  }

  async look(): Promise<void> {
    try {
      const peers = birdPeersIn(await this.#ask("show", "protocols", "all"));
      this.#peers = await Promise.all(
        peers.map(async (peer) => ({ ...peer, prefixes: peer.refused > 0 ? await this.#refused(peer) : [] })),
      );
      this.#trouble = null;
    } catch (error) {
      this.#peers = [];
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }

  async #refused({ server }: BirdPeer): Promise<string[]> {
    const text = await this.#ask("show", "route", "filtered", "protocol", `'peer-${server}'`);
    return birdPrefixesIn(text).slice(0, mostPrefixes);
  }

  async #ask(...command: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.host.run(["birdc", "-r", ...command]);
    if (exitCode !== 0) throw new Error(stderr.split("\n")[0] || `birdc exited ${exitCode}`);
    return stdout;
  }
}
