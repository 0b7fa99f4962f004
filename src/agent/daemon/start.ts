import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { apart } from "../../pki/apart/apart.js";
import { paths } from "../../render/paths.js";
import { EventLog } from "../events/log.js";
import { readNode } from "../node-document.js";
import { TlsIdentity } from "../tls-identity.js";
import { Daemon } from "./daemon.js";

/**
 * Starts the agent of this machine, or returns null where the machine is no node: who it is, its certificate says, or
 * the topology that runs.
 */
export async function startDaemon(host: Host, programVersion: string, log: Logger): Promise<Daemon | null> {
  const identity = new TlsIdentity(paths.pkiDir, apart(host));
  await identity.load();
  const certified = identity.current?.identity;
  // A damaged node.json is told by the daemon: whom the certificate names answers, so that an apply can write another.
  const document = await readNode(host).catch((error: unknown) => {
    if (certified === undefined) throw error;
    return null;
  });
  const node = certified?.name ?? document?.node;
  const clusterName = certified?.cluster ?? document?.cluster.name;
  if (node === undefined || clusterName === undefined) return null;
  if (document !== null && (document.node !== node || document.cluster.name !== clusterName))
    throw new Error(
      `the certificate is that of ${node} of cluster ${clusterName}, but ${document.node} of ${document.cluster.name} runs here: remove one of the two`,
    );
  if (identity.trouble !== null) log.warn({ trouble: identity.trouble }, "the certificate cannot be used");
  const events = await EventLog.open(`${paths.stateDir}/events`, node);
  return Daemon.start({ node, clusterName, programVersion }, host, identity, events, log);
}
