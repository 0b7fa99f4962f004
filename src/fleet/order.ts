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
 * The order in which machines are committed: VPN servers one after the other, so that their clients have the others
 * meanwhile; then nodes, the standby first, so that a failure meets it and not the active node.
 * Faster adverts turn it round. A standby that reloads waits for its own interval until it hears the next advert (RFC
 * 9568, 6.4.2: Active_Adver_Interval is learned from adverts), and would take over from an active that is still slow.
 */
export function commitOrder(
  machines: readonly NodePlan[],
  standbyFirst: readonly string[],
  vpnServers: readonly string[] = [],
): NodePlan[] {
  const isVpn = ({ node }: NodePlan) => vpnServers.includes(node);
  const nodes = machines.filter((machine) => !isVpn(machine));
  const place = ({ node }: NodePlan) =>
    standbyFirst.includes(node) ? standbyFirst.indexOf(node) : standbyFirst.length;
  const ordered = [...nodes].sort((a, b) => place(a) - place(b));
  const faster = nodes.some(({ changes }) => {
    const adverts = advertChange(changes);
    return adverts !== null && adverts.after < adverts.before;
  });
  return [...machines.filter(isVpn), ...(faster ? ordered.reverse() : ordered)];
}
