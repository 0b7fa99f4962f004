import type { Tell } from "../finding.js";
import type { Instance } from "../keepalived/keepalived.js";
import { isSame, type Machine, rank } from "./machines.js";

const cure =
  "where each node was to be active for some of them, that is given up: see that one node bears it all";

/** Tells of instances that need not have been on one node: here all virtual IPs stand on the active one. */
export function tellTogether(machines: readonly Machine[], tell: Tell): void {
  const primary = machines.find(({ keepalived }) => keepalived !== null)?.keepalived;
  const [first, ...others] = primary?.instances ?? [];
  if (!primary || first === undefined || others.length === 0) return;
  const names = primary.instances.map(({ name }) => name);
  if (!primary.groups.some(({ members }) => names.every((name) => members.includes(name))))
    tell(
      first,
      "look",
      `vrrp_instances ${names.join(", ")}`,
      "no vrrp_sync_group holds all of them: each moved by itself, here all virtual IPs move together",
      cure,
    );
  const usual = preferred(first, machines);
  for (const instance of others) {
    const [machine] = preferred(instance, machines);
    if (usual.length !== 1 || machine === undefined || usual[0] === machine) continue;
    if (preferred(instance, machines).length === 1)
      tell(
        instance,
        "look",
        `vrrp_instance ${instance.name}`,
        `it prefers ${machine.name}, and ${first.name} prefers ${usual[0]?.name}: here one node is active for all`,
        cure,
      );
  }
}

/** The machines that an instance prefers to all others; several where the files do not say which. */
function preferred(like: Instance, machines: readonly Machine[]): Machine[] {
  const ranks = machines.map(({ keepalived }) => {
    const own = keepalived?.instances.find((each) => isSame(each, like));
    return own === undefined ? -1 : rank(own);
  });
  const best = Math.max(...ranks);
  return machines.filter((_, index) => ranks[index] === best);
}
