import type { ClusterDrift } from "../../api/check-routes.js";
import type { DriftItem } from "../../api/documents.js";
import { useAnswer } from "../link/use-answer.js";
import { driftKey } from "../model/refresh.js";
import type { State } from "../model/state.js";
import { Diff } from "./diff.js";

/** Where each node stands otherwise than its generation, with the difference. */
export function Drift({ state }: { readonly state: State }) {
  const { answer, trouble } = useAnswer<ClusterDrift>("/v1/cluster/drift", driftKey(state));
  const different = (answer?.nodes ?? []).filter(({ items }) => items.length > 0);
  return (
    <div class="drift">
      {trouble !== null && <p class="trouble">Where nodes differ could not be asked: {trouble}</p>}
      {answer === null && trouble === null && <p class="muted">asking every node…</p>}
      {answer !== null && different.length === 0 && (
        <p>
          <span class="clause good">Nothing differs</span> on{" "}
          {answer.nodes.map(({ node }) => node).join(", ")}.
        </p>
      )}
      {different.map(({ node, items }) => (
        <NodeDrift key={node} node={node} items={items} />
      ))}
      {answer?.silent.map((name) => (
        <p key={name} class="clause warning">
          {name} does not say: its agent does not answer.
        </p>
      ))}
    </div>
  );
}

const NodeDrift = ({ node, items }: { readonly node: string; readonly items: readonly DriftItem[] }) => (
  <>
    <h3>
      {node} <small>differs in {items.length === 1 ? "one place" : `${items.length} places`}</small>
    </h3>
    {items.map(({ kind, what, since, diff }) => (
      <details key={`${kind} ${what}`} class="item">
        <summary>
          <b>{kind}</b> {what} <small>since {new Date(since).toLocaleString()}</small>
        </summary>
        <Diff of={diff} label={`${what} on ${node}`} />
      </details>
    ))}
  </>
);
