import pino from "pino";
import { expect, test } from "vitest";
import { RulesWatch } from "../../../src/agent/spread/rules-watch.js";
import { paths } from "../../../src/render/paths.js";
import { FakeHost } from "../../host/fake-host.js";
import { exampleCluster } from "../../render/examples.js";

test("rules that an apply has written but not loaded yet are not missing, those that it leaves unloaded are", async () => {
  const host = new FakeHost("lb-a", { [paths.rulesV4]: "*filter\n:HOLDFAST-INPUT - [0:0]\nCOMMIT\n" });
  const watch = new RulesWatch(host, exampleCluster("pair"), pino({ level: "silent" }));
  await watch.hold();
  watch.soon();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(watch.missing).toEqual([]);
  watch.release();
  await expect.poll(() => watch.missing.length).toBeGreaterThan(0);
  await watch.stop();
});
