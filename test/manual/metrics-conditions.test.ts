import { expect, test } from "vitest";
import { metricsText } from "../../src/agent/metrics/metrics.js";
import type { MetricsSnapshot } from "../../src/agent/metrics/snapshot.js";
import { syncOff } from "../../src/agent/sync/sync-report.js";
import { metricConditions } from "../../src/manual/reference/metrics-conditions.js";
import { specimen } from "../../src/manual/reference/metrics-specimen.js";

/** A machine of which nothing is known but that its agent runs. */
const bare: MetricsSnapshot = {
  ...specimen,
  ...{ role: null, generation: null, confirmBy: null, certificateExpiry: null, authorityExpiry: null },
  ...{ lastRoleChange: null, lastFailoverGap: null, services: [], peers: [], links: [], witnesses: [] },
  ...{ rivals: [], sync: syncOff, table: null, mirrors: [], drills: [], vpn: null },
};

const namesIn = async (snapshot: MetricsSnapshot): Promise<string[]> =>
  [...(await metricsText(snapshot)).matchAll(/^# HELP (\S+)/gm)].map(([, name = ""]) => name);

test("a metric that is not always there says when it is, and no other does", async () => {
  const always = new Set(await namesIn(bare));
  const sometimes = (await namesIn(specimen)).filter((name) => !always.has(name));
  expect(Object.keys(metricConditions).sort()).toEqual(sometimes.sort());
});
