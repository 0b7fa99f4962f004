import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { syncOff } from "../../src/agent/sync/sync-report.js";
import type { AgentReport } from "../../src/fleet/node-report.js";
import { mergeStatus } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";
import type { NodeState } from "../../src/observe/state.js";
import { exampleCluster } from "../render/examples.js";
import { repository } from "./deployment.js";

const plugins = repository("ansible/roles/holdfast/filter_plugins");
const cluster = exampleCluster("pair");
const servers = cluster.services.flatMap((service) =>
  service.servers.map(({ name }) => ({
    service: service.name,
    name,
    up: true,
    status: "UP",
    sessions: 0,
    refused: false,
  })),
);
const quiet: AgentReport = {
  program: "0.1.0",
  certificateExpires: null,
  transaction: null,
  unsettled: null,
  maintenance: null,
  twoOwners: [],
  sync: { ...syncOff, state: "complete" },
  lastTakeover: null,
};

interface Changes {
  readonly state?: Partial<NodeState>;
  readonly report?: Partial<AgentReport>;
}

const node = (name: string, role: NodeState["role"], { state = {}, report = {} }: Changes = {}) => ({
  state: {
    ...nodeDown(name),
    role,
    owned: role === "active" ? ["10.0.1.100", "10.0.2.1"] : [],
    haproxy: { process: "running" as const, servers },
    agent: { faults: [], peersReady: [], why: "fit" },
    generation: { number: 3, digest: "abc" },
    ...state,
  },
  report: { ...quiet, ...report },
  natSessions: new Map(),
});

/** What the playbooks' filter says of a cluster of these two nodes. */
async function ask(
  filter: string,
  nodes: readonly ReturnType<typeof node>[],
  ...rest: unknown[]
): Promise<unknown> {
  const stdout = JSON.stringify({ schema: "holdfast/status/v1", ...mergeStatus(cluster, nodes) });
  return call(filter, { rc: 0, stdout }, ...rest);
}

async function call(filter: string, ...args: readonly unknown[]): Promise<unknown> {
  const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
import holdfast_preflight, holdfast_status
filters = {**holdfast_status.FilterModule().filters(), **holdfast_preflight.FilterModule().filters()}
print(json.dumps(filters[sys.argv[2]](*json.load(sys.stdin))))`;
  const argv = ["-B", "-c", script, plugins, filter];
  const { stdout } = await execa("/usr/bin/python3", argv, { input: JSON.stringify(args) });
  return JSON.parse(stdout);
}

const active = node("lb-a", "active");
const standby = node("lb-b", "standby");
const obstacles = "holdfast_obstacles";

describe("the gate of the playbooks", () => {
  it("is open while nodes are healthy, on one generation and in sync", async () => {
    expect(await ask(obstacles, [active, standby])).toEqual([]);
  });

  it("is open while a server is down", async () => {
    const haproxy = {
      process: "running" as const,
      servers: servers.map((server) => ({ ...server, up: false })),
    };
    const nodes = [
      node("lb-a", "active", { state: { haproxy } }),
      node("lb-b", "standby", { state: { haproxy } }),
    ];
    expect(await ask(obstacles, nodes)).toEqual([]);
  });

  it.each<[string, Changes & { role?: NodeState["role"] }, string]>([
    ["a node that does not answer", { role: "down" }, "lb-b does not answer"],
    ["a node in maintenance", { role: "maintenance" }, "lb-b is in maintenance"],
    ["a node with a fault", { role: "fault" }, "lb-b is in fault"],
    [
      "a fault that an agent names",
      { state: { agent: { faults: ["haproxy-gone"], peersReady: [], why: "" } } },
      "lb-b is not healthy: haproxy-gone",
    ],
    [
      "files that differ",
      { state: { drifts: ["haproxy.cfg differs"] } },
      "lb-b is not healthy: haproxy.cfg differs",
    ],
    [
      "another generation",
      { state: { generation: { number: 2, digest: "x" } } },
      "the nodes are on different generations",
    ],
    ["a node that is not settled", { report: { unsettled: "behind lb-a" } }, "lb-b: behind lb-a"],
    [
      "a standby that does not hold the sessions yet",
      { report: { sync: { ...syncOff, state: "pending" } } },
      "lb-b is not in sync yet",
    ],
    ["two owners", { state: { owned: ["10.0.1.100"] } }, "10.0.1.100 has 2 owners (lb-a, lb-b)"],
  ])("is shut by %s", async (_, { role = "standby", ...changes }, sentence) => {
    expect(await ask(obstacles, [active, node("lb-b", role, changes)])).toContain(sentence);
  });

  it("is shut by an agent of another version than was installed", async () => {
    expect(await ask(obstacles, [active, standby], { "lb-b": "0.2.0" })).toEqual([
      "the agent of lb-b is 0.1.0 and not 0.2.0",
    ]);
    expect(await ask(obstacles, [active, standby], { "lb-b": "0.1.0" })).toEqual([]);
  });

  it.each([
    [{ rc: 1, stdout: "", stderr: "x\nno agent: start it" }, "no agent answers: no agent: start it"],
    [{ rc: 1, stdout: '{"schema":"holdfast/error/v1"}', stderr: "" }, "no agent answers: it said nothing"],
    [{ msg: "[Errno 2] No such file" }, "no agent answers: [Errno 2] No such file"],
  ])("is shut where nobody answers: %j", async (answer, sentence) => {
    expect(await call(obstacles, answer)).toEqual([sentence]);
  });
});

describe("the gate before one node", () => {
  it("is open though that node is ill, and shut while another one is", async () => {
    const ill = [active, node("lb-b", "down", { state: { generation: null } })];
    expect(await ask(obstacles, ill, {}, "lb-b")).toEqual([]);
    expect(await ask(obstacles, ill, {}, "lb-a")).toEqual(["lb-b does not answer"]);
  });
});

describe("the order of the playbooks", () => {
  it("takes whoever is active last", async () => {
    expect(await ask("holdfast_standbys_first", [active, standby])).toEqual(["lb-b", "lb-a"]);
    const turned = [node("lb-a", "standby"), node("lb-b", "active")];
    expect(await ask("holdfast_standbys_first", turned)).toEqual(["lb-a", "lb-b"]);
    expect(await ask("holdfast_active", turned)).toBe("lb-b");
    const ill = [node("lb-a", "standby"), node("lb-b", "fault")];
    expect(await ask("holdfast_standbys_first", ill)).toEqual(["lb-b", "lb-a"]);
  });

  it("knows the latest takeover, and that none came since", async () => {
    const takeover = (at: string) => ({
      report: { lastTakeover: { at, cause: "lb-a lost power", gap: 62 } },
    });
    const nodes = [
      node("lb-a", "active", takeover("2026-01-01T10:00:00Z")),
      node("lb-b", "standby", takeover("2026-01-01T11:00:00Z")),
    ];
    expect(await ask("holdfast_takeovers", nodes)).toEqual({
      "lb-a": "2026-01-01T10:00:00Z",
      "lb-b": "2026-01-01T11:00:00Z",
    });
    expect(await ask("holdfast_last_takeover", nodes)).toMatchObject({ node: "lb-b", gap: 62 });
  });

  it("knows who answers", async () => {
    const silent = { ...node("lb-b", "down"), report: undefined };
    expect(await ask("holdfast_answering", [active, standby])).toEqual(["lb-a", "lb-b"]);
    expect(await ask("holdfast_answering", [active, silent as unknown as typeof standby])).toEqual(["lb-a"]);
  });

  it("says what a drill came to", async () => {
    const moved = node("lb-b", "active", {
      report: { lastTakeover: { at: "2026-01-01T11:00:00Z", cause: "HAProxy of lb-a is gone", gap: 7.6 } },
    });
    const nodes = [node("lb-a", "standby"), moved];
    const before = { "lb-a": null, "lb-b": null };
    const outcome = await ask("holdfast_outcome", nodes, "haproxy-crash", "lb-a", before, "");
    expect(outcome).toMatchObject({
      verdict: "pass",
      why: null,
      active_after: "lb-b",
      takeover: { node: "lb-b" },
    });
    expect(await call("holdfast_row", outcome)).toBe(
      "haproxy-crash     pass  lb-a -> lb-b, first answer after 8 ms",
    );
    const stayed = await ask("holdfast_outcome", [active, standby], "reboot", "lb-a", before, "no answer");
    expect(await call("holdfast_row", stayed)).toBe("reboot            FAIL  lb-a stayed active: no answer");
  });
});

describe("what the playbooks say of a preflight", () => {
  const finding = (status: string, cure: string | null) => ({
    ...{ node: "lb-a", check: "managers", place: "eth1", text: "it goes", status, cure },
  });
  const findings = [finding("ok", null), finding("warning", null), finding("error", "keep it")];
  const answer = (schema: string) => ({ rc: 1, stdout: JSON.stringify({ schema, findings }) });

  it("is every finding of one status, with its cure", async () => {
    const document = answer("holdfast/preflight/v1");
    expect(await call("holdfast_findings", document, "error")).toEqual([
      "lb-a  managers  eth1: it goes. Cure: keep it",
    ]);
    expect(await call("holdfast_findings", document, "warning")).toEqual(["lb-a  managers  eth1: it goes"]);
  });

  it("is nothing where nobody answered, so that its exit code counts", async () => {
    for (const silent of [
      { rc: 1, stdout: "" },
      { rc: 1, stdout: "[]" },
      answer("holdfast/status/v1"),
      { msg: "no such file" },
    ])
      expect(await call("holdfast_findings", silent, "error")).toEqual([]);
  });
});
