import type { Office } from "../../fleet/office.js";
import { told } from "../../fleet/told.js";
import { driftOfAll } from "../drift/drift-of-all.js";
import type { Other } from "../live/other-events.js";
import type { Handlers } from "../server/handlers.js";
import { shared } from "./shared-views.js";
import type { Views } from "./views.js";

export interface CheckParts {
  readonly node: string;
  readonly office: Office;
  readonly views: Pick<Views, "drift">;
  /** Every other machine. */
  readonly others: () => readonly Other[];
}

/** What is looked at before something is done. Each look asks all nodes: once for all who ask at about the same time. */
export function checkHandlers({ node, office, views, others }: CheckParts) {
  const switchover = shared(() => told(office.switchoverCheck()));
  const maintenance = shared(() => told(office.maintenanceCheck()));
  const drift = shared(() => driftOfAll({ node, items: views.drift() }, others()));
  return {
    switchoverCheck: async () => {
      const { targets, ...rest } = await switchover();
      return { ...rest, targets: targets.map((target) => ({ ...target })) };
    },
    maintenanceCheck: async () => ({
      nodes: (await maintenance()).map((each) => ({ ...each, left: [...each.left] })),
    }),
    clusterDrift: () => drift(),
  } satisfies Partial<Handlers>;
}
