import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import type { Host } from "../host/host.js";
import type { VpnServer } from "../topology/cluster.js";

/** What of a lab machine is its own. The rest is this computer's, and nothing is written there. */
const own = /^\/(etc|run|tmp|var\/(lib|log|run))\//;

/** Why a lab cannot have a server's management as the topology has it; null when it can. */
export function managementOutside({ name, management }: VpnServer): string | null {
  const paths = [management.passwordFile, "socket" in management ? management.socket : null];
  const outside = paths.find((path) => path !== null && !own.test(path));
  return outside === undefined
    ? null
    : `the lab has no ${outside} (management of ${name}): a lab machine has its own /etc, /run, /tmp, /var/lib and /var/log only; name a path there`;
}

/** Makes the directory of the management's socket and, as an operator would, the file of its password. */
export async function prepareManagement({ management }: VpnServer, host: Host): Promise<void> {
  const { passwordFile } = management;
  if ("socket" in management) await host.run(["mkdir", "-p", dirname(management.socket)]);
  if (passwordFile === null) return;
  const owner = { mode: 0o600, user: "root", group: "root" };
  const staged = await host.stage(passwordFile, `${randomBytes(16).toString("hex")}\n`, owner);
  await host.swap(staged, passwordFile);
}
