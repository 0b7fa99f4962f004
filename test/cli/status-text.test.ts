import { expect, test } from "vitest";
import { paintFor } from "../../src/cli/paint.js";
import { statusText } from "../../src/cli/status-text.js";
import type { AgentReport } from "../../src/fleet/node-report.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";

/** lb-b of a pair whose other node serves. */
const linesWith = (report: AgentReport | null): string =>
  statusText(
    {
      ...{ cluster: "campus", healthy: false, redundant: true, unreachable: true },
      ...{ virtual_ips: [], services: [], trial: null },
      nodes: [{ ...nodeDown("lb-b"), drift: false, report, maintenance: null }],
    } satisfies ClusterStatus,
    paintFor({ isTTY: false } as NodeJS.WriteStream),
  );

test("a machine that came into the place of another is told from one that does not answer", () => {
  expect(linesWith(null)).toMatch(/lb-b +down +does not answer/);
  const waiting: AgentReport = {
    ...{ program: "0.1.0", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
    ...{ twoOwners: [], lastTakeover: null },
  };
  expect(linesWith(waiting)).toMatch(/lb-b +down +has no topology yet: 'holdfast apply' brings it one/);
});
