import { agentsOfLab } from "../src/cli/agents.js";
import { subjectOf } from "../src/cli/lab-subject.js";
import type { Host } from "../src/host/host.js";
import type { Lab } from "../src/lab/lab.js";
import { paths } from "../src/render/paths.js";
import type { Blow } from "./failover.js";

export const powerLoss: Blow = {
  strike: (lab, active) => lab.faults.powerOff(active),
  mend: (lab, active) => lab.faults.powerOn(active),
};

/** HAProxy dies and cannot come back: its configuration is gone, so that no supervisor hides the failover. */
export const haproxyCrash: Blow = {
  async strike(lab, active) {
    const { host } = lab.machine(active);
    const body = await host.read(paths.haproxyCfg);
    await host.swap(await host.stage(kept, body ?? "", plain), kept);
    await host.remove(paths.haproxyCfg);
    await lab.faults.signal(active, "haproxy", "SIGKILL");
  },
  async mend(lab, active) {
    const { host } = lab.machine(active);
    const body = await host.read(kept);
    await host.swap(await host.stage(paths.haproxyCfg, body ?? "", plain), paths.haproxyCfg);
    await host.services.start("haproxy");
    await forgiven(host);
  },
};

/** An agent keeps a node whose faults come back away for up to a minute (probation). One that starts knows of none. */
async function forgiven({ services }: Host): Promise<void> {
  if ((await services.status("holdfast-agent")).pid !== null) await services.restart("holdfast-agent");
}

/** What an operator does where nothing else moves the addresses: keepalived says goodbye, and the other one takes over. */
export const stoppedByHand: Blow = {
  strike: (lab, active) => lab.machine(active).host.services.stop("keepalived"),
  mend: (lab, active) => lab.machine(active).host.services.start("keepalived"),
};

/** As `holdfast switchover` does it, which refuses while the standby does not hold the sessions. */
export const plannedMove: Blow = {
  strike: async (lab, active) => void (await subjectOf(lab).move(active, standbyBeside(lab, active))),
  mend: async () => {},
  async ready(lab, active) {
    const standby = standbyBeside(lab, active);
    const agent = (await agentsOfLab(lab)).find(({ node }) => node === standby);
    const { sync } = ((await agent?.client.call("state", {})) ?? {}) as { sync?: { state: string } | null };
    agent?.client.close();
    return sync?.state === "complete";
  },
};

const standbyBeside = ({ cluster }: Lab, active: string): string =>
  cluster.nodes.find(({ name }) => name !== active)?.name ?? "";

const kept = "/var/lib/holdfast/bench-haproxy.cfg";
const plain = { mode: 0o644, user: "root", group: "root" };

export const pathDead: Blow = {
  strike: (lab, active) => lab.faults.pathDead(active, "switches"),
  mend: (lab, active) => lab.faults.pathAlive(active, "switches"),
  /** A path on which nobody is known yet cannot be seen to die. */
  ready: async (lab) => {
    const heard = await Promise.all(
      (await agentsOfLab(lab)).map(async ({ client }) => {
        const { networks } = (await client.call("state", {})) as unknown as { networks: Heard[] };
        client.close();
        return networks.some(({ name, heard }) => name === "switches" && heard.length > 0);
      }),
    );
    return heard.every(Boolean);
  },
};

type Heard = { readonly name: string; readonly heard: readonly string[] };
