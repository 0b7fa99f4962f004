import type { ServiceStatus, Services } from "../host/host.js";

/** Where a node's supervisor listens; one JSON line in, one JSON line out. */
export const controlSocket = "/run/holdfast-lab.sock";

export const actions = ["status", "start", "stop", "reload", "restart", "enable", "disable"] as const;
export type Action = (typeof actions)[number];

export interface ControlRequest {
  readonly action: Action;
  readonly name: string;
}

export type ControlAnswer = { readonly status: ServiceStatus } | { readonly error: string };

type Ask = (socket: string, request: string, timeout: number) => Promise<string>;

/** The supervisor as a Host's Services. */
export function supervised(ask: Ask): Services {
  async function tell(action: Action, name: string): Promise<ServiceStatus> {
    const answer = await ask(controlSocket, `${JSON.stringify({ action, name })}\n`, 15_000);
    const parsed = JSON.parse(answer) as ControlAnswer;
    if ("error" in parsed) throw new Error(parsed.error);
    return parsed.status;
  }
  const act = (action: Action) => async (name: string) => void (await tell(action, name));
  return {
    status: (name) => tell("status", name),
    start: act("start"),
    stop: act("stop"),
    reload: act("reload"),
    restart: act("restart"),
    enable: act("enable"),
    disable: act("disable"),
    reloadUnits: async () => undefined, // The lab has no units.
  };
}
