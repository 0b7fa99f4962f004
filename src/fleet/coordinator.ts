import { randomUUID } from "node:crypto";
import type { Outcome, Progress } from "../api/progress.js";
import { begin } from "../deploy/decide-coordinator.js";
import { planAgain, planDigest } from "../deploy/plan.js";
import type { Proposal, Survey } from "../deploy/transaction.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";
import { type Assembled, assemble } from "./assemble.js";
import { carryOut } from "./carry-out.js";
import type { Begun, Changes } from "./changes.js";
import { differentVersions, obstacle, whose } from "./obstacle.js";
import type { OfficeParts } from "./office-parts.js";
import { commitOrder, standbyFirst } from "./order.js";
import { ended, sentence } from "./outcome.js";
import { type FleetPlan, planNodes } from "./plan.js";
import { Refusal } from "./refusal.js";
import { surveyAll } from "./survey.js";

/** A change of all nodes, as an operator asks for it. */
export interface ApplyRequest {
  readonly topology: string;
  /** The digest of the plan that was looked at; null carries out whatever it now is. */
  readonly plan: string | null;
  readonly message: string;
  readonly without: readonly string[];
  /** Milliseconds; null keeps it without a confirmation. */
  readonly confirmTimeout: number | null;
}

interface Look {
  readonly assembled: Assembled;
  readonly surveys: readonly Survey[];
  readonly plan: FleetPlan;
}

/** Milliseconds after which a node that heard nothing of a change asks the others. */
const askOthersAfter = 3_000;

/** Brings all nodes to a topology, or none, whatever becomes of those who asked for it. */
export class Coordinator {
  constructor(
    private readonly parts: OfficeParts,
    private readonly changes: Changes,
  ) {}

  /** What a topology would change on every node. Changes nothing. @throws Refusal, TopologyError */
  async plan(topology: string, without: readonly string[]): Promise<FleetPlan> {
    return (await this.#look(topology, without, differentVersions)).plan;
  }

  /** Looks at every node, and begins if nothing stands against it. @throws Refusal, TopologyError */
  apply(request: ApplyRequest, author: string): Promise<Begun> {
    return this.changes.begin(`the apply of ${whose({ author, message: request.message })}`, async () => {
      const look = await this.#look(request.topology, request.without, obstacle);
      const { digest, generation } = look.plan;
      if (request.plan !== null && request.plan !== digest) throw new Refusal(planAgain, { digest });
      const proposal = this.#proposal(request, look, author);
      return {
        id: proposal.id,
        leadsTo: generation.number,
        run: (say) => this.#run(proposal, look, say),
      };
    });
  }

  async #look(
    topology: string,
    without: readonly string[],
    against: (surveys: readonly Survey[]) => string | null,
  ): Promise<Look> {
    const assembled = await assemble(this.parts, topology, without);
    const surveys = await surveyAll(assembled.members);
    const why = against(surveys);
    if (why !== null) throw new Refusal(why);
    return {
      assembled,
      surveys,
      plan: await planNodes(assembled.wanted, assembled.members, surveys, assembled.without),
    };
  }

  #proposal(request: ApplyRequest, { assembled, plan }: Look, author: string): Proposal {
    return {
      id: randomUUID(),
      coordinator: this.parts.own.node,
      participants: plan.nodes.map(({ node }) => node).sort(),
      without: assembled.without.map(({ node }) => node),
      generation: plan.generation,
      // Each node looks once more before it prepares, and what stands there may have changed again.
      plans:
        request.plan === null
          ? null
          : Object.fromEntries(plan.nodes.map((node) => [node.node, planDigest(node)])),
      author,
      message: request.message,
      confirmTimeout: request.confirmTimeout,
      patience: askOthersAfter,
    };
  }

  async #run(
    proposal: Proposal,
    { assembled, surveys, plan }: Look,
    say: (progress: Progress) => void,
  ): Promise<Outcome> {
    const { own, tell } = this.parts;
    const before = surveys.find(({ node }) => node === own.node)?.current ?? null;
    if (plan.isEmpty) return { ...ended("unchanged", proposal, before), without: [...plan.without] };
    const removed = strangersTo(assembled.wanted.rendered.cluster, this.parts.cluster());
    const others = assembled.members.filter(({ node }) => node !== own.node);
    const assembly = {
      proposal,
      topology: assembled.wanted.topology,
      own,
      peers: new Map(others.map((member) => [member.node, member])),
    };
    const order = commitOrder(plan.nodes, ...commitsBy(assembled, surveys)).map(({ node }) => node);
    const result = await carryOut(begin(proposal, order), assembly, say);
    const settled = ended(result.outcome, proposal, before, result);
    const outcome = { ...settled, without: [...plan.without], trouble: [...settled.trouble, ...removed] };
    tell("apply", sentence(proposal, outcome), {
      id: proposal.id,
      outcome: outcome.outcome,
      generation: proposal.generation,
      author: proposal.author,
      nodes: proposal.participants,
    });
    return outcome;
  }
}

/** What the order of commits follows from: the nodes' standing, and who is none. */
function commitsBy({ wanted }: Assembled, surveys: readonly Survey[]): [string[], string[]] {
  const vpnServers = wanted.rendered.cluster.vpn?.servers.map(({ name }) => name) ?? [];
  return [standbyFirst(surveys.filter(({ node }) => !vpnServers.includes(node))), vpnServers];
}

/** Machines that the new topology does not name any more: they are left as they are, which somebody has to know. */
const strangersTo = (cluster: Cluster, before: Cluster | null): string[] =>
  (before === null ? [] : machineNames(before))
    .filter((name) => !machineNames(cluster).includes(name))
    .map(
      (name) =>
        `${name} is no part of the topology any more and was left as it is: switch it off, and end its certificate with 'holdfast pki revoke ${name}' and 'holdfast pki publish'`,
    );
