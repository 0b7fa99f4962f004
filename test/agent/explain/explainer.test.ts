import { expect, test } from "vitest";
import { Explainer } from "../../../src/agent/explain/explainer.js";
import { Sightings } from "../../../src/agent/wire/sightings.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

test("that a node took over is known at once, and why some seconds later", () => {
  const cluster = exampleCluster("pair");
  const texts: string[] = [];
  const sources = {
    peerBeats: () => [],
    decision: () => ({ yield: false, why: "fit" }),
    arrivals: () => [],
    departures: () => [],
  };
  const explainer = new Explainer(
    cluster,
    nodeNamed(cluster, "lb-b"),
    new Sightings(cluster),
    sources,
    ({ text }) => texts.push(text),
  );
  explainer.roleChanged("switches", "backup", 0);
  explainer.roleChanged("switches", "master", 1_700_000_000_000);
  expect([explainer.unexplained, texts]).toEqual(["2023-11-14T22:13:20.000Z", []]);
  explainer.stop();
  expect([explainer.unexplained, texts.length]).toEqual([null, 1]);
});
