import type { Host } from "../../host/host.js";
import { agentDaemon } from "../../render/daemons.js";

const { name: self } = agentDaemon([]);

/** The machine as the agent itself changes it: it never restarts the process that carries the change out. */
export const withOwnServices = (host: Host, reload: () => Promise<void>): Host => {
  const { services } = host;
  const unlessSelf =
    (act: (name: string) => Promise<void>) =>
    async (name: string): Promise<void> =>
      name === self ? undefined : act(name);
  return {
    ...host,
    services: {
      ...services,
      start: unlessSelf((name) => services.start(name)),
      stop: unlessSelf((name) => services.stop(name)),
      restart: (name) => (name === self ? reload() : services.restart(name)),
      reload: (name) => (name === self ? reload() : services.reload(name)),
    },
  };
};
