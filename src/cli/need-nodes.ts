import type { Cluster } from "../topology/cluster.js";
import { UserError } from "./context.js";

/** For commands that concern load balancers. @throws where there are VPN servers alone */
export function needNodes({ name, nodes }: Pick<Cluster, "name" | "nodes">, what: string): void {
  if (nodes.length === 0)
    throw new UserError(
      `${what} concerns load balancers, and cluster ${name} has none: its topology has vpn alone`,
    );
}
