import { readGeneration } from "../deploy/history.js";
import type { OwnParticipant } from "../deploy/participant.js";
import { readNumbers } from "../deploy/present.js";
import type { Host } from "../host/host.js";
import { observeOwned, virtualAddresses } from "../observe/addresses.js";
import { readManifest } from "../observe/kept-generation.js";
import type { Cluster } from "../topology/cluster.js";
import type { MaintenanceBook } from "./maintenance-book.js";
import type { KeptGeneration, Member, Move } from "./member.js";
import { isUnderWay } from "./obstacle.js";
import type { OwnMember } from "./office-parts.js";
import { Refusal } from "./refusal.js";
import type { Standing } from "./standing.js";
import { takeOver } from "./take-over.js";

export interface LocalMemberParts {
  readonly participant: OwnParticipant;
  readonly host: Host;
  readonly book: MaintenanceBook;
  /** What runs here; null before the first topology. */
  readonly cluster: () => Cluster | null;
  readonly peers: () => readonly Member[];
  /** What the engines say. */
  readonly observe: () => Promise<Standing>;
  /** Asks keepalived to leave the virtual IPs to others for so many milliseconds; null, or why not. */
  readonly stepBack: (milliseconds: number) => string | null;
}

/** This node itself, as its own office and its peers deal with it. */
export function localMember(parts: LocalMemberParts): OwnMember {
  const { participant, host, book, cluster } = parts;
  return {
    node: participant.node,
    survey: () => participant.survey(),
    plan: (topology, generation) => participant.plan(topology, generation),
    prepare: (proposal, topology) => participant.prepare(proposal, topology),
    commit: (id) => participant.commit(id),
    gate: (id, last) => participant.gate(id, last),
    trial: (id) => participant.trial(id),
    hear: (id, words) => participant.hear(id, words),
    decide: (id, decision) => participant.decide(id, decision),
    record: () => participant.record(),
    state: () => parts.observe(),
    kept: () => keptGeneration(host, participant),
    meet: (notes) => book.meet(notes),
    yieldFor: async (milliseconds) => {
      const refusal = parts.stepBack(milliseconds);
      if (refusal !== null) throw new Refusal(refusal);
    },
    takeOver: async (move: Move) => {
      const current = cluster();
      if (current === null) throw new Refusal("this node has no topology yet");
      const addresses = virtualAddresses(current).length;
      const isActive = async () => (await observeOwned(host, current)).length === addresses;
      return takeOver(host, current, parts.peers(), move, isActive);
    },
  };
}

/** What runs, or during a change what ran before it: nobody may catch up to what may still go back. */
async function keptGeneration(host: Host, participant: OwnParticipant): Promise<KeptGeneration | null> {
  const [record, manifest, numbers] = await Promise.all([
    participant.record(),
    readManifest(host),
    readNumbers(host),
  ]);
  const changing = record !== null && isUnderWay(record) ? record.proposal.generation.number : null;
  const settled = numbers.filter((number) => changing === null || number < changing);
  const number = changing === null ? manifest?.number : Math.max(0, ...settled);
  const past = number ? await readGeneration(host, number) : null;
  return past === null || past.topology === null ? null : { entry: past.entry, topology: past.topology };
}
