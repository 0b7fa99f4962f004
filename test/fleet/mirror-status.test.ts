import { expect, test } from "vitest";
import { mirrorStatus } from "../../src/fleet/mirror-status.js";
import type { Sighting } from "../../src/fleet/sighting.js";
import type { MirrorReport, SwitchReport } from "../../src/mirror/report.js";
import type { Mirror } from "../../src/topology/cluster.js";

const mirror = { to: { name: "master" } } as Mirror;
const each = (rest: Partial<SwitchReport>): SwitchReport =>
  ({ state: "live", why: "", met: false, queued: { messages: 1, bytes: 8 }, ...rest }) as SwitchReport;

/** As HAProxy counts: one session of the service's went past the multiplexer. */
const servers = [
  { service: "openflow", name: "c1", sessions: 2, past: 1 },
  { service: "openflow", name: "c2", sessions: 2, past: 0 },
  { service: "other", name: "c1", sessions: 9, past: 9 },
];

/** What the active node tells of the service's mirror, as `status` prints it. */
function told(rest: Partial<MirrorReport>, via?: Mirror["via"]) {
  const totals = { messages: 20, dropped: 3, resyncs: 2, lostBytes: 100 };
  const report = { service: "openflow", trouble: null, refused: 0, switches: [], totals, ...rest };
  const sighting = {
    state: { role: "active", haproxy: { servers } },
    report: { mirrors: [report] },
  } as unknown as Sighting;
  return mirrorStatus({ ...mirror, ...(via ? { via } : {}) }, "openflow", [sighting]);
}

test("switches count once, and what was counted of those that went stays", () => {
  const states = ["live", "connecting", "silent", "displaced", "further"] as const;
  expect(told({ switches: states.map((state) => each({ state })) })).toMatchObject({
    ...{ connected: 1, switches: 2, queued: 2 },
    ...{ messages: 20, dropped: 3, resyncs: 2, lost_bytes: 100, why: null },
  });
});

test.each<[string, Partial<MirrorReport>]>([
  ["it ended", { trouble: "it ended", switches: [each({ state: "apart", why: "it does not answer" })] }],
  ["it does not answer", { switches: [each({}), each({ state: "apart", why: "it does not answer" })] }],
  ["1 connected before it was mirrored", { switches: [each({ state: "unidentified", met: true })] }],
  ["2 have not said who they are", { switches: Array(2).fill(each({ state: "unidentified" })) }],
  ["1 speak a version", { switches: [each({ state: "unsupported" })] }],
  [
    "it ended; the audit is not written: no space",
    { trouble: "it ended", audit: { dropped: 1, trouble: "no space" } },
  ],
  ["4 connections were too many", { refused: 4 }],
])("why not all is copied: %s", (why, report) => {
  expect(told(report).why).toContain(why);
});

test("where no node tells there is nothing but zeros, and no reason", () => {
  expect(mirrorStatus(mirror, "openflow", [])).toMatchObject({ switches: 0, messages: 0, why: null });
});

test("a mirror in the path of its sessions says so, and what became of questions and answers", () => {
  const exchange = { unmatched: 2, shed: 7, expired: 1 };
  expect(told({ exchange }, "inline")).toMatchObject({ via: "inline", ...exchange, past: 1 });
  expect(mirrorStatus({ ...mirror, via: "inline" }, "openflow", [])).toMatchObject({
    unmatched: 0,
    shed: 0,
    past: 0,
  });
  expect(told({})).toMatchObject({ via: "tap" });
  for (const key of ["shed", "past"]) expect(told({})).not.toHaveProperty(key);
});
