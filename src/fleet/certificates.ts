import type { Authority } from "../pki/authority.js";
import type { LedgerEntry } from "../pki/ledger.js";
import type { AgentClient } from "./client.js";

/** Milliseconds: making a key, and taking a certificate, on a node that is busy. */
const patience = { timeout: 15_000 };

/** Lets a node make a new key, which never leaves it, and certifies it. */
export async function rotateCertificate(
  node: string,
  client: AgentClient,
  authority: Authority,
): Promise<LedgerEntry> {
  const { request } = await client.call("certificateRequest", {}, patience);
  const { certificate, entry } = await authority.signRequest(request, { name: node, role: "node" });
  await client.call("certificate", { body: { certificate } }, patience);
  return entry;
}

export interface Published {
  readonly node: string;
  readonly published: boolean;
  /** A sentence; null where the node has it. */
  readonly why: string | null;
}

/** Brings a revocation list to all nodes at once; who cannot be told is told of. */
export const publishRevocations = (
  agents: readonly { readonly node: string; readonly client: AgentClient }[],
  crl: string,
): Promise<Published[]> =>
  Promise.all(
    agents.map(async ({ node, client }) => {
      try {
        await client.call("revocations", { body: { crl } }, patience);
        return { node, published: true, why: null };
      } catch (error) {
        return { node, published: false, why: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
