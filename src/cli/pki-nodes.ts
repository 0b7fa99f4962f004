import { type AgentOptions, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { pkiPlace } from "./pki-place.js";

/** Milliseconds: making a key, and taking a certificate, on a node that is busy. */
const patience = { timeout: 15_000 };

/** The node makes the key, so that it never travels; only the request and the certificate do. */
export async function rotate(node: string, options: AgentOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const agent = (await reachAgents(options)).find((candidate) => candidate.node === node);
  if (agent === undefined)
    throw new UserError(
      `${node} is no node of ${cluster.name} that could be reached; 'holdfast status' shows them`,
    );
  const { withAuthority } = await import("../pki/authority.js");
  try {
    const { serial, not_after } = await withAuthority(directory, cluster.name, async (authority) => {
      const { request } = await agent.client.call("certificateRequest", {}, patience);
      const { certificate, entry } = await authority.signRequest(request, { name: node, role: "node" });
      await agent.client.call("certificate", { body: { certificate } }, patience);
      return entry;
    });
    if (options.json) return printJson("pki-rotate", { node, serial, expires: not_after });
    process.stdout.write(
      `${node} has a new key, certified until ${not_after.slice(0, 10)}. Its older certificates are good until they expire: 'holdfast pki revoke ${node} --older' ends them.\n`,
    );
  } finally {
    agent.client.close();
  }
}

/** Every node is told, also after one that could not be. */
export async function publish(options: AgentOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const { readAuthority } = await import("../pki/authority-files.js");
  const { crl, ledger } = await readAuthority(directory);
  const agents = await reachAgents(options);
  const nodes = await Promise.all(
    agents.map(async ({ node, client }) => {
      try {
        await client.call("revocations", { body: { crl } }, patience);
        return { node, published: true, why: null };
      } catch (error) {
        return { node, published: false, why: error instanceof Error ? error.message : String(error) };
      } finally {
        client.close();
      }
    }),
  );
  if (nodes.some(({ published }) => !published)) process.exitCode = exit.error;
  if (options.json)
    return printJson("pki-publish", { cluster: cluster.name, crl_number: ledger.crl_number, nodes });
  for (const { node, why } of nodes)
    process.stdout.write(
      why === null ? `${node} has revocation list ${ledger.crl_number}.\n` : `${why}; tell it again later\n`,
    );
}
