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
  },
};

const kept = "/var/lib/holdfast/bench-haproxy.cfg";
const plain = { mode: 0o644, user: "root", group: "root" };

export const pathDead: Blow = {
  strike: (lab, active) => lab.faults.pathDead(active, "switches"),
  mend: (lab, active) => lab.faults.pathAlive(active, "switches"),
};
