import { advertChange } from "../deploy/adverts.js";
import type { NodePlan } from "../deploy/plan.js";
import type { Survey } from "../deploy/transaction.js";

/** Nodes that hold fewer virtual IPs first; where nobody holds one, the preferred node is the first to start. */
export function standbyFirst(surveys: readonly Pick<Survey, "node" | "holds">[]): string[] {
  const nobody = surveys.every(({ holds }) => holds === 0);
  return (nobody ? [...surveys] : [...surveys].reverse())
    .sort((a, b) => a.holds - b.holds)
    .map(({ node }) => node);
}

/**
 * The order in which nodes are committed: the standby first, so that a failure meets it and not the active node.
 * Faster adverts turn it round. A standby that reloads waits for its own interval until it hears the next advert (RFC
 * 9568, 6.4.2: Active_Adver_Interval is learned from adverts), and would take over from an active that is still slow.
 */
export function commitOrder(nodes: readonly NodePlan[], standbyFirst: readonly string[]): NodePlan[] {
  const place = ({ node }: NodePlan) =>
    standbyFirst.includes(node) ? standbyFirst.indexOf(node) : standbyFirst.length;
  const ordered = [...nodes].sort((a, b) => place(a) - place(b));
  const faster = nodes.some(({ changes }) => {
    const adverts = advertChange(changes);
    return adverts !== null && adverts.after < adverts.before;
  });
  return faster ? ordered.reverse() : ordered;
}
