import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import type { NodeDocument } from "../../render/node-json.js";
import { Agent } from "../agent.js";
import type { AgentListener, RoleChange } from "../agent-listener.js";
import type { BeatGeneration } from "../beats/beat.js";
import { linkName } from "../beats/peer-links.js";
import type { PeerState } from "../beats/peer-state.js";
import type { Chores } from "../chores.js";
import type { Circumstances } from "../circumstances.js";
import type { ToldBefore } from "../explain/explainer.js";
import { releaseWords } from "../release/release-words.js";
import { haproxyEvent } from "./haproxy-event.js";
import { Lookout } from "./lookout.js";
import { PeerNews } from "./peer-news.js";
import { conntrackdRenewed, syncEvent } from "./sync-event.js";
import type { Tell } from "./tell.js";

export interface RunningParts {
  readonly host: Host;
  readonly log: Logger;
  /** Done when the agent is awake. */
  readonly chores: Chores;
  readonly tell: Tell;
  /** The log's last word is that this node owns the virtual IPs. */
  readonly owned: boolean;
  /** A peer came, fell silent, or says otherwise than before how it stands. */
  readonly peer: (peer: PeerState) => void;
  readonly role: (change: RoleChange) => void;
  /** HAProxy's answer to `showStanding`. */
  readonly standing: (answer: string) => void;
}

/** Since this process started. */
export interface SessionCounts {
  /** How many sessions of each `nat` service were ended here. */
  readonly ended: Map<string, number>;
  /** How many sessions through the HAProxy of a node before this one were let go. */
  released: number;
}

/** What watches the node by one topology: replaced as a whole, in this process, when another one comes. */
export class Running {
  private constructor(
    private readonly parts: RunningParts,
    readonly counts: Readonly<SessionCounts>,
    private current: { readonly agent: Agent; readonly lookout: Lookout },
  ) {}

  static start(document: NodeDocument, circumstances: Circumstances, parts: RunningParts): Running {
    const running: { all: Running | null } = { all: null };
    const counts: SessionCounts = { ended: new Map(), released: 0 };
    const listener = listenerFor(() => running.all?.lookout ?? null, counts, parts);
    const { host, log, chores } = parts;
    const agent = new Agent(document, host, log, { listener, circumstances, chores });
    const before = { roles: new Map(), owner: parts.owned };
    const all: Running = new Running(parts, counts, {
      agent,
      lookout: lookoutFor(document, () => all.agent, parts, before),
    });
    running.all = all;
    agent.start();
    return all;
  }

  get agent(): Agent {
    return this.current.agent;
  }

  get lookout(): Lookout {
    return this.current.lookout;
  }

  /** Goes on with another topology, or another generation of the same. */
  async succeed(document: NodeDocument, generation: BeatGeneration | null): Promise<void> {
    const { agent, lookout } = this.current;
    const same = JSON.stringify(document) === JSON.stringify(lookout.document);
    if (same) return agent.setGeneration(generation);
    const next = await agent.succeed(document, generation);
    lookout.stop();
    const before = { roles: lookout.toldRoles, owner: false };
    const successor = lookoutFor(document, () => this.agent, this.parts, before);
    this.current = { agent: next, lookout: successor };
    for (const [network, to] of next.report().roles) this.lookout.role({ network, to });
  }

  async stop(): Promise<void> {
    this.lookout.stop();
    await this.agent.stop();
  }
}

const lookoutFor = (
  document: NodeDocument,
  agent: () => Agent,
  { host, tell, log }: RunningParts,
  before: ToldBefore,
): Lookout => new Lookout(document, agent, host, tell, log, before);

function listenerFor(
  lookout: () => Lookout | null,
  counts: SessionCounts,
  { tell, peer, role, standing, chores }: RunningParts,
): AgentListener {
  const peers = new PeerNews({
    now: () => performance.now(),
    after: (milliseconds, work) => chores.after(milliseconds, work),
    members: () => (lookout()?.cluster.nodes ?? []).map(({ name }) => name),
    tell,
  });
  return {
    role: (change) => {
      role(change);
      lookout()?.role(change);
    },
    beat: (beat) => lookout()?.beat(beat),
    pool: (servers) => lookout()?.servers(servers),
    standing,
    peer(state) {
      peers.heard(state);
      peer(state);
    },
    faults({ raised, cleared, severity, yielding, why }) {
      const words = [
        ...(raised.length === 0 ? [] : [`${raised.join(", ")} raised`]),
        ...(cleared.length === 0 ? [] : [`${cleared.join(", ")} cleared`]),
      ];
      const text = `${words.join(", ")}${yielding ? `; this node yields: ${why}` : ""}`;
      tell({ kind: "fault", text, details: { raised, cleared, severity, yielding, why } });
    },
    reach(lost, back) {
      const words = [
        ...(lost.length === 0 ? [] : [`does not reach ${lost.join(", ")}`]),
        ...(back.length === 0 ? [] : [`reaches ${back.join(", ")} again`]),
      ];
      const text = `this node ${words.join(", and ")} over the network`;
      tell({ kind: "fault", text, details: { unreached: lost, reached: back } });
    },
    links(lost, back) {
      const words = [
        ...(lost.length === 0 ? [] : [`does not hear ${lost.map(linkName).join(", ")}`]),
        ...(back.length === 0 ? [] : [`hears ${back.map(linkName).join(", ")} again`]),
      ];
      tell({
        kind: "fault",
        text: `this node ${words.join(", and ")}`,
        details: { unheard: lost, heard: back },
      });
    },
    witnesses(lost, back) {
      const words = [
        ...(lost.length === 0 ? [] : [`gets no answer from witness ${lost.join(", ")}`]),
        ...(back.length === 0 ? [] : [`gets one from witness ${back.join(", ")} again`]),
      ];
      const text = `this node ${words.join(", and ")}`;
      tell({ kind: "fault", text, details: { silent: lost, answering: back } });
    },
    sync(report, before) {
      const event = syncEvent(report, before);
      if (event !== null) tell(event);
    },
    syncRenewed: () => tell(conntrackdRenewed),
    haproxy(answers) {
      const cluster = lookout()?.cluster;
      const event = cluster === undefined ? null : haproxyEvent(cluster, answers);
      if (event !== null) tell(event);
    },
    ended({ service, server, why, sessions, told }) {
      counts.ended.set(service, (counts.ended.get(service) ?? 0) + sessions);
      const cause = { dead: "it is dead, and another server lives", removed: "it was removed" }[why];
      const text = `${sessions} ${sessions === 1 ? "session" : "sessions"} of ${service} with ${server} ended: ${cause}`;
      tell({ kind: "server", text, details: { service, server, why, sessions, told } });
    },
    released(network, release) {
      counts.released += release.released;
      lookout()?.released(network, release);
      tell({ kind: "release", text: releaseWords(release), details: { network, ...release } });
    },
    servers(changes) {
      for (const { service, server, up, status } of changes)
        tell({
          kind: "server",
          text: `${server} of ${service} is ${up ? "up" : "down"} (${status})`,
          details: { service, server, up, status },
        });
    },
  };
}
