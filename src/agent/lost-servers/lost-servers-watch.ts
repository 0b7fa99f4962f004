import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import { endpoint } from "../../render/haproxy.js";
import type { Cluster, Service } from "../../topology/cluster.js";
import { tell } from "../release/tell.js";
import type { FormerServer } from "./deletions.js";
import { removeSessions } from "./end-sessions.js";
import { type Lives, lived, placeOf } from "./lives.js";
import { lostServers } from "./lost.js";
import { RemovedServers } from "./removed-servers.js";
import { afterFailure, afterRound, noRounds, type Rounds } from "./rounds.js";

/** Sessions of one server that were ended. */
export interface EndedSessions {
  readonly service: string;
  /** Its name; of one that was removed, its address and port. */
  readonly server: string;
  readonly why: "dead" | "removed";
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

/** Whose sessions are to end. */
interface Ending extends FormerServer, Pick<EndedSessions, "why"> {
  readonly name: string;
}

/**
 * Ends the sessions of `nat` services' servers that are lost, or that the topology no longer has: takes them out of the
 * kernel's table, and has both ends told, so that a client that is silent turns to another server at once too. Only
 * where this node carries them; the other nodes' tables follow.
 */
export class LostServersWatch {
  private lives: Lives = new Map();
  private readonly removed: RemovedServers;
  private readonly rounds = new Map<string, Rounds>();
  private work: Promise<void> | null = null;
  private held = false;
  private complaint = "";

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly cluster: Cluster,
    private readonly on: LostServersListener,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.removed = new RemovedServers(host, cluster);
  }

  /** Takes HAProxy's word on the servers, once new sessions go elsewhere. */
  servers(servers: readonly ServerState[]): void {
    const now = this.now();
    this.lives = lived(this.lives, servers, now);
    if (this.held || this.work !== null) return;
    const carried = this.cluster.services.filter(
      (service) => service.mode === "nat" && this.on.carries(service),
    );
    const endings = this.endings(now).filter(({ service }) => carried.includes(service));
    const places = new Set(endings.map(place));
    for (const known of this.rounds.keys()) if (!places.has(known)) this.rounds.delete(known);
    const due = endings.filter((one) => isDue(this.rounds.get(place(one)) ?? noRounds, now));
    const looks = this.removed.due(carried, now);
    if (due.length + looks.length === 0) return;
    this.work = this.endAll(due)
      .then(() => this.removed.look(looks, this.now()))
      .catch((error: unknown) => this.complain(error))
      .finally(() => {
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

  private endings(now: number): Ending[] {
    return [
      ...lostServers(this.cluster, this.lives, now).map(({ service, server }) => ({
        ...{ service, server, name: server.name },
        why: "dead" as const,
      })),
      ...this.removed.found.map(({ service, server }) => ({
        ...{ service, server, name: endpoint(server) },
        why: "removed" as const,
      })),
    ];
  }

  private async endAll(due: readonly Ending[]): Promise<void> {
    for (const ending of due) {
      const before = this.rounds.get(place(ending)) ?? noRounds;
      try {
        this.rounds.set(place(ending), await this.end(ending, before));
        this.complaint = "";
      } catch (error) {
        this.rounds.set(place(ending), afterFailure(before, this.now()));
        this.complain(error);
      }
    }
  }

  private async end(ending: Ending, before: Rounds): Promise<Rounds> {
    const { entries, sessions, flows } = await removeSessions(this.host, this.cluster, ending);
    // Whatever happens to the packets: the sessions are gone.
    if (sessions > 0)
      this.on.ended({
        ...{ service: ending.service.name, server: ending.name, why: ending.why },
        ...{ sessions, told: flows.length / 2 },
      });
    const ends = [...before.told, ...flows];
    if (ends.length > 0)
      await tell(this.host, ends, ends.length).catch((error: unknown) => this.complain(error));
    return afterRound(before, entries, flows, this.now());
  }

  private complain(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (why === this.complaint) return;
    this.complaint = why;
    this.on.failed(why);
  }
}

const place = ({ service, name }: Ending): string => placeOf(service.name, name);

const isDue = ({ next }: Rounds, now: number): boolean => next !== null && now >= next;
