import { expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import type { Happening } from "../../../src/agent/events/log.js";
import type { HeardBeat } from "../../../src/agent/explain/cause.js";
import { Explainer } from "../../../src/agent/explain/explainer.js";
import { Sightings } from "../../../src/agent/wire/sightings.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

/** That of lb-b, which sees nothing on the wire, and what it tells. */
function explainerOf(peerBeats: readonly HeardBeat[]): {
  explainer: Explainer;
  texts: string[];
  details: unknown[];
} {
  const cluster = exampleCluster("pair");
  const texts: string[] = [];
  const details: unknown[] = [];
  const sources = {
    peerBeats: () => peerBeats,
    decision: () => ({ yield: false, why: "fit" }),
    arrivals: () => [],
    departures: () => [],
  };
  const node = nodeNamed(cluster, "lb-b");
  const tell = (happening: Happening) => {
    texts.push(happening.text);
    details.push(happening.details);
  };
  return { explainer: new Explainer(cluster, node, new Sightings(cluster), sources, tell), texts, details };
}

test("that a node took over is known at once, and why some seconds later", () => {
  const { explainer, texts } = explainerOf([]);
  explainer.roleChanged("switches", "backup", 0);
  explainer.roleChanged("switches", "master", 1_700_000_000_000);
  expect([explainer.unexplained, texts]).toEqual(["2023-11-14T22:13:20.000Z", []]);
  explainer.stop();
  expect([explainer.unexplained, texts.length]).toEqual([null, 1]);
});

test("what became of the sessions of the node before belongs to the takeover, and to no other time", () => {
  const release = { found: 2, released: 2, servers: { found: 0, released: 0 }, milliseconds: 30, beyond: 0 };
  const { explainer, details } = explainerOf([]);
  explainer.roleChanged("switches", "backup");
  explainer.released("switches", { ...release, released: 1 });
  explainer.roleChanged("switches", "master");
  explainer.released("switches", release);
  explainer.stop();
  explainer.released("switches", { ...release, released: 0 });
  expect(details).toMatchObject([
    { evidence: ["2 sessions of the node before were released, all told within 30 ms"] },
  ]);
});

test("a fault that its beat names just after the goodbye is the cause, although it is over when the change is told", () => {
  const fit: Beat = {
    ...{ node: "lb-a", boot: 1, sequence: 1, severity: 0, faults: [], yielding: false },
    ...{ digest: "d", generation: null, unsettled: false, sync: null },
    networks: { switches: { vrrp: "master", heard: [], silent: [], peers: [] } },
  };
  const { explainer, texts } = explainerOf([{ beat: fit, age: 10 }]);
  explainer.roleChanged("switches", "backup");
  explainer.heard(fit);
  explainer.roleChanged("switches", "master");
  explainer.heard({ ...fit, sequence: 2, faults: ["haproxy-gone"], yielding: true, networks: {} });
  explainer.heard({ ...fit, sequence: 3, networks: {} });
  explainer.stop();
  expect(texts).toEqual([expect.stringContaining("lb-a yields: haproxy-gone")]);
});
