import { machineNames } from "../topology/machines.js";
import { type AgentOptions, type ReachedAgent, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { pkiPlace } from "./pki-place.js";

export async function rotate(node: string, options: AgentOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const names = machineNames(cluster);
  if (!names.includes(node))
    throw new UserError(`there is no node ${node}; the nodes of ${cluster.name} are ${names.join(", ")}`);
  const { withAuthority } = await import("../pki/authority.js");
  const { rotateCertificate } = await import("../fleet/certificates.js");
  const { serial, not_after } = await withAgents(options, (agents) => {
    const agent = agents.find((candidate) => candidate.node === node);
    if (agent === undefined)
      throw new UserError(`no node ${node} can be reached; 'holdfast status' shows the nodes`);
    return withAuthority(directory, cluster.name, (authority) =>
      rotateCertificate(node, agent.client, authority),
    );
  });
  if (options.json) return printJson("pki-rotate", { node, serial, expires: not_after });
  process.stdout.write(
    `${node} has a new key, certified until ${not_after.slice(0, 10)}.
Its older certificates are good until they expire: 'holdfast pki revoke ${node} --older' ends them.\n`,
  );
}

export async function publish(options: AgentOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const { readAuthority } = await import("../pki/authority-files.js");
  const { publishRevocations } = await import("../fleet/certificates.js");
  const { crl, ledger } = await readAuthority(directory);
  const nodes = await withAgents(options, (agents) => publishRevocations(agents, crl));
  if (nodes.some(({ published }) => !published)) process.exitCode = exit.error;
  const number = ledger.crl_number;
  if (options.json) return printJson("pki-publish", { cluster: cluster.name, crl_number: number, nodes });
  for (const { node, why } of nodes)
    process.stdout.write(`${why === null ? `${node} has revocation list ${number}` : `! ${why}`}\n`);
}

async function withAgents<T>(
  options: AgentOptions,
  work: (agents: readonly ReachedAgent[]) => Promise<T>,
): Promise<T> {
  const agents = await reachAgents(options);
  try {
    return await work(agents);
  } finally {
    for (const { client } of agents) client.close();
  }
}
