import type { LiveNode } from "../../api/live.js";
import type { State } from "../model/state.js";

/** Each node with its own words. */
export function Nodes({ state }: { readonly state: State }) {
  const { picture } = state;
  if (picture === null) return <p class="muted">no node has told anything yet</p>;
  return (
    <ul class="cards">
      {picture.nodes.map((node) => (
        <NodeCard key={node.name} node={node} />
      ))}
      {picture.vpn_servers.map(({ name, role, healthy, troubles, clients }) => (
        <li key={name} class={`card ${healthy ? "good" : "bad"}`}>
          <h3>
            {name} <small>{role}</small>
          </h3>
          <Clauses of={troubles} />
          <p>{clients === null ? "nobody counts its clients" : `${clients} clients`}</p>
        </li>
      ))}
    </ul>
  );
}

function NodeCard({ node }: { readonly node: LiveNode }) {
  const { last_takeover: takeover } = node;
  return (
    <li class={`card ${node.healthy ? "good" : node.role === "maintenance" ? "warning" : "bad"}`}>
      <h3>
        {node.name} <small>{node.role}</small>
      </h3>
      <Clauses of={[...node.troubles, ...node.contradicts]} />
      <dl>
        {node.why && <Fact name="agent" value={node.why} />}
        {node.sync && <Fact name="sessions' state" value={node.sync} />}
        {node.generation && (
          <Fact
            name="generation"
            value={`${node.generation.number} (${node.generation.digest.slice(0, 6)})`}
          />
        )}
        {takeover && (
          <Fact
            name="last took over"
            value={`${when(takeover.at)}${takeover.cause ? `: ${takeover.cause}` : ""}${
              takeover.gap === null ? "" : `, first answer after ${Math.round(takeover.gap)} ms`
            }`}
          />
        )}
        {node.certificate_expires && (
          <Fact name="certificate until" value={node.certificate_expires.slice(0, 10)} />
        )}
        {node.program && <Fact name="holdfast" value={node.program} />}
      </dl>
    </li>
  );
}

const when = (iso: string): string => new Date(iso).toLocaleString();

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function Clauses({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="clauses">
      {of.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}
