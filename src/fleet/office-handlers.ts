import { callerName } from "../agent/server/caller.js";
import type { Handlers } from "../agent/server/handlers.js";
import type { Office } from "./office.js";
import { told } from "./told.js";

type OfficeRoute = "plan" | "apply" | "progress" | "confirm" | "rollback" | "switchover" | "maintenance";

/** The routes with which an operator changes the whole cluster. */
export const officeHandlers = (office: Office): Pick<Handlers, OfficeRoute> => ({
  plan: ({ body }) => told(office.plan(body.topology, body.without)),
  apply: async ({ body, caller }) => {
    const { confirm_timeout: confirmTimeout, ...rest } = body;
    const { id, leadsTo } = await told(office.apply({ ...rest, confirmTimeout }, callerName(caller)));
    return { id, leads_to: leadsTo };
  },
  progress: ({ params, after, signal }) => office.progress(params.id, after ?? 0, signal),
  confirm: async ({ body, caller }) => {
    const confirmed = office.confirm(callerName(caller), body.without);
    const { generation, nodes, silent } = await told(confirmed);
    return { generation, nodes: [...nodes], silent: [...silent] };
  },
  rollback: async ({ body, caller }) => {
    const { generation, message, without, confirm_timeout: confirmTimeout } = body;
    const work = office.rollback({ generation, message, without, confirmTimeout }, callerName(caller));
    const { id, leadsTo } = await told(work);
    return { id, leads_to: leadsTo };
  },
  switchover: ({ body, caller }) => told(office.switchover(body, callerName(caller))),
  maintenance: async ({ body, caller }) => {
    const { silent, ...rest } = await told(office.maintenance(body, callerName(caller)));
    return { ...rest, silent: [...silent] };
  },
});
