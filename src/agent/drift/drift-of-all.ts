import type { DriftItem } from "../../api/documents.js";
import type { Other } from "../live/other-events.js";

/** Milliseconds that another machine is given to say where it differs. */
const patience = 2_000;

/** Where each machine differs from its generation, this one first, and who did not say. */
export async function driftOfAll(
  own: { readonly node: string; readonly items: DriftItem[] },
  others: readonly Other[],
): Promise<{ readonly nodes: { node: string; items: DriftItem[] }[]; readonly silent: string[] }> {
  const answers = await Promise.all(
    others.map(async ({ node, client }) => ({
      node,
      items: await client.call("drift", {}, { timeout: patience }).then(
        ({ items }) => items,
        () => null,
      ),
    })),
  );
  return {
    nodes: [own, ...answers.flatMap(({ node, items }) => (items === null ? [] : { node, items }))],
    silent: answers.flatMap(({ node, items }) => (items === null ? node : [])),
  };
}
