import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { type BeatNetwork, encode } from "../../src/agent/beats/beat.js";
import { Beats } from "../../src/agent/beats/beats.js";
import { VrrpFifo } from "../../src/agent/engines/vrrp-fifo.js";
import { AddressWatch } from "../../src/agent/explain/address-watch.js";
import type { HeardBeat } from "../../src/agent/explain/cause.js";
import { Explainer } from "../../src/agent/explain/explainer.js";
import { agentTiming } from "../../src/agent/timing.js";
import { Sightings } from "../../src/agent/wire/sightings.js";
import { TwoOwnersWatch } from "../../src/agent/wire/two-owners-watch.js";
import { WireWatch } from "../../src/agent/wire/wire-watch.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";

/** The parts of an agent that look at the wire, on a machine of their own: `NODE CLUSTER.json`. */
const [, , name = "", file = ""] = process.argv;
const cluster = JSON.parse(readFileSync(file, "utf8")) as Cluster;
const node = nodeNamed(cluster, name);
const { judge, freshness } = agentTiming(cluster);

const tell = (happening: unknown): void => void process.stdout.write(`${JSON.stringify(happening)}\n`);
const sightings = new Sightings(cluster);
const owners = new TwoOwnersWatch(cluster, node, freshness, sightings, tell, () => undefined);
const wire = new WireWatch(
  cluster,
  sightings,
  (network, sighting) => owners.sighted(network, sighting),
  pino(pino.destination(2)),
);
const addresses = new AddressWatch(cluster);

const heard = new Map<string, { readonly beat: HeardBeat["beat"]; readonly at: number }>();
const explainer = new Explainer(
  cluster,
  node,
  sightings,
  {
    peerBeats: () => [...heard.values()].map(({ beat, at }) => ({ beat, age: performance.now() - at })),
    decision: () => ({ yield: false, why: "fit" }),
    arrivals: (network) => addresses.on(network),
    departures: (network: string) => addresses.departures(network),
  },
  tell,
);

const roles = new Map<string, BeatNetwork["vrrp"]>();
const fifo = new VrrpFifo(paths.vrrpFifo, {
  event({ network, state }) {
    roles.set(network, state === "stop" ? null : state);
    explainer.roleChanged(network, state);
    owners.role(network, state);
    wire.owns([...roles.values()].includes("master"));
  },
  end() {},
});

const beats = new Beats(cluster, node, (word) => {
  heard.set(word.node, { beat: word, at: performance.now() });
  owners.beat(word);
});
let sequence = 0;
setInterval(() => {
  fifo.ensure();
  sequence += 1;
  const networks = Object.fromEntries(
    node.interfaces.map(({ network }) => [
      network,
      { vrrp: roles.get(network) ?? null, heard: [], silent: [], peers: [] },
    ]),
  );
  const word = {
    severity: 0,
    faults: [],
    yielding: false,
    generation: null,
    unsettled: false,
    sync: null,
    digest: "same",
  };
  beats.send(encode({ node: name, boot: 1, sequence, ...word, networks }));
}, judge.calm);

/** Milliseconds of processor time that the captures have taken. */
const cost = (): number =>
  wire.pids.reduce(
    (sum, pid) => sum + Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    0,
  );

createInterface({ input: process.stdin })
  .on("line", () => {
    const { user, system } = process.cpuUsage();
    tell({ cost: { pids: wire.pids.length, captures: cost(), process: (user + system) / 1e3 } });
  })
  .on("close", () => process.exit(0));
