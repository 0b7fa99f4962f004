import { expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beat.js";
import type { HeardBeat } from "../../../src/agent/explain/cause.js";
import { Explainer } from "../../../src/agent/explain/explainer.js";
import { Sightings } from "../../../src/agent/wire/sightings.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

/** That of lb-b, which sees nothing on the wire, and what it tells. */
function explainerOf(peerBeats: readonly HeardBeat[]): { explainer: Explainer; texts: string[] } {
  const cluster = exampleCluster("pair");
  const texts: string[] = [];
  const sources = {
    peerBeats: () => peerBeats,
    decision: () => ({ yield: false, why: "fit" }),
    arrivals: () => [],
    departures: () => [],
  };
  const node = nodeNamed(cluster, "lb-b");
  const tell = ({ text }: { readonly text: string }) => void texts.push(text);
  return { explainer: new Explainer(cluster, node, new Sightings(cluster), sources, tell), texts };
}

test("that a node took over is known at once, and why some seconds later", () => {
  const { explainer, texts } = explainerOf([]);
  explainer.roleChanged("switches", "backup", 0);
  explainer.roleChanged("switches", "master", 1_700_000_000_000);
  expect([explainer.unexplained, texts]).toEqual(["2023-11-14T22:13:20.000Z", []]);
  explainer.stop();
  expect([explainer.unexplained, texts.length]).toEqual([null, 1]);
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
