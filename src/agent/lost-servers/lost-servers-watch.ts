import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import type { Cluster, Service } from "../../topology/cluster.js";
import { removeSessions, tell } from "./end-sessions.js";
import { type Lives, lived, placeOf } from "./lives.js";
import { type LostServer, lostServers } from "./lost.js";
import { afterFailure, afterRound, noRounds, type Rounds } from "./rounds.js";

/** Sessions of a lost server that were ended. */
export interface EndedSessions {
  readonly service: string;
  readonly server: string;
  /** How many the kernel carried. */
  readonly sessions: number;
  /** Of how many both ends are told; the others learn it when they speak. */
  readonly told: number;
}

export interface LostServersListener {
  /** This node carries the service's sessions now. */
  carries(service: Service): boolean;
  ended(ended: EndedSessions): void;
  failed(why: string): void;
}

/**
 * Ends the sessions of `nat` services' servers that are lost: takes them out of the kernel's table, and has both ends
 * told, so that a client that is silent turns to another server at once too. Only where this node carries them; the
 * other nodes' tables follow.
 */
export class LostServersWatch {
  private lives: Lives = new Map();
  private readonly rounds = new Map<string, Rounds>();
  private work: Promise<void> | null = null;
  private held = false;
  private complaint = "";

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly cluster: Cluster,
    private readonly on: LostServersListener,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes HAProxy's word on the servers, once new sessions go elsewhere. */
  servers(servers: readonly ServerState[]): void {
    const now = this.now();
    this.lives = lived(this.lives, servers, now);
    if (this.held || this.work !== null) return;
    const lost = lostServers(this.cluster, this.lives, now).filter(({ service }) => this.on.carries(service));
    const places = new Set(lost.map(place));
    for (const known of this.rounds.keys()) if (!places.has(known)) this.rounds.delete(known);
    const due = lost.filter((one) => isDue(this.rounds.get(place(one)) ?? noRounds, now));
    if (due.length === 0) return;
    this.work = this.endAll(due).finally(() => {
      this.work = null;
    });
  }

  /** Begins nothing until `release`: the node is being changed. Resolves when nothing is under way. */
  async hold(): Promise<void> {
    this.held = true;
    await this.work;
  }

  release(): void {
    this.held = false;
  }

  private async endAll(due: readonly LostServer[]): Promise<void> {
    for (const lost of due) {
      const before = this.rounds.get(place(lost)) ?? noRounds;
      try {
        this.rounds.set(place(lost), await this.end(lost, before));
        this.complaint = "";
      } catch (error) {
        this.rounds.set(place(lost), afterFailure(before, this.now()));
        this.complain(error instanceof Error ? error.message : String(error));
      }
    }
  }

  private async end(lost: LostServer, before: Rounds): Promise<Rounds> {
    const { entries, sessions, flows } = await removeSessions(this.host, this.cluster, lost);
    // Whatever happens to the packets: the sessions are gone.
    if (sessions > 0)
      this.on.ended({
        ...{ service: lost.service.name, server: lost.server.name },
        ...{ sessions, told: flows.length / 2 },
      });
    await tell(this.host, [...before.told, ...flows]).catch((error: unknown) => this.complain(String(error)));
    return afterRound(before, entries, flows, this.now());
  }

  private complain(why: string): void {
    if (why === this.complaint) return;
    this.complaint = why;
    this.on.failed(why);
  }
}

const place = ({ service, server }: LostServer): string => placeOf(service.name, server.name);

const isDue = ({ next }: Rounds, now: number): boolean => next !== null && now >= next;
