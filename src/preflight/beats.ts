import type { Cluster } from "../topology/cluster.js";
import { interfaceOn, nodeNamed } from "../topology/select.js";
import type { Answered } from "./asked.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warning, error, unknown } = findingsOf("agents");

/** Whether the agents hear each other's beats, by what they have heard of late: they beat once a topology runs. */
export function beats(cluster: Cluster, answered: readonly Answered[]): (Finding & { node: string })[] {
  const without = answered.filter(({ report }) => report.beats === null);
  // While nobody has a topology one line says so.
  const told = without.length === answered.length ? answered.slice(0, 1) : answered;
  return told.flatMap((one) => ofNode(cluster, answered, one).map((each) => ({ node: one.node, ...each })));
}

function ofNode(cluster: Cluster, answered: readonly Answered[], { report }: Answered): Finding[] {
  const port = `UDP port ${cluster.agent.port}`;
  if (report.beats === null)
    return [
      unknown(
        "beats",
        `agents beat (${port}) once a topology runs: whether they hear each other cannot be told`,
        "run this again after the first apply",
      ),
    ];
  // Whoever is silent, or has no topology yet, has a finding of its own; links that the topology does not have are none of its.
  const links = report.beats.filter(
    ({ peer, network }) =>
      answered.some((one) => one.node === peer && one.report.beats !== null) &&
      interfaceOn(nodeNamed(cluster, peer), network) !== undefined,
  );
  const lost = links.filter(({ heard }) => !heard);
  if (links.length > 0 && lost.length === 0)
    return [ok("beats", `hears ${links.map(({ peer, network }) => `${peer} on ${network}`).join(", ")}`)];
  return lost.map(({ peer, network }) => {
    const other = links.some((link) => link.peer === peer && link.heard);
    const say = other ? warning : error;
    return say(
      `beats: ${peer} on ${network}`,
      `no beat of ${peer} arrives on ${network}${other ? "" : ", nor on any other network: each will hold the other to be dead"}`,
      `admit ${port} between the nodes on ${network}: in packet filters, in the switches between, in a hypervisor's security groups`,
    );
  });
}
