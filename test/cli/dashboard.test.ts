import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ReachedAgent } from "../../src/cli/agents.js";
import { dashboardText, registerDashboard } from "../../src/cli/dashboard.js";
import { AgentClient } from "../../src/fleet/client.js";
import { Browser } from "../agent/server/browser.js";
import { Cluster } from "../agent/server/cluster.js";
import { run } from "./run.js";

/** No topology may have the addresses of a test's own agents. */
let agents: readonly ReachedAgent[] = [];
vi.mock(import("../../src/cli/agents.js"), async (original) => ({
  ...(await original()),
  reachAgents: async () => [...agents],
}));
const cluster = new Cluster();

beforeAll(async () => {
  await cluster.start();
  const client = cluster.client(await cluster.issue("anna", "operator"));
  const nobody = new AgentClient("lb-b", { kind: "unix", path: cluster.at("nothing.sock") });
  agents = [
    { node: "lb-a", client },
    { node: "lb-b", client: nobody },
  ];
});
afterAll(() => cluster.stop());

const dashboard = (...options: string[]) => run(registerDashboard, "dashboard", ...options);

test("what is printed opens the page of each node that answers, as whoever asked, and the others are named", async () => {
  const { stdout, stderr, exitCode } = await dashboard();
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("lb-b is out of reach");
  const [, code] =
    new RegExp(`^lb-a {3}https://127\\.0\\.0\\.1:${cluster.port}/#code=([\\w-]{22})$`, "m").exec(stdout) ??
    [];
  expect(stdout).toMatch(/^ {7}certificate SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
  expect(stdout).toContain("Each signs anna in once, as an operator, within 120 s.");
  const browser = new Browser(cluster);
  const answer = await browser.page("POST", "/v1/session", { code });
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, expect.objectContaining({ name: "anna" })]);
  browser.close();
});

test("--json says the same, --viewer gives up the right to change, --node asks one", async () => {
  const { stdout } = await dashboard("--json", "--viewer", "--node", "lb-a");
  expect(JSON.parse(stdout)).toEqual({
    schema: "holdfast/dashboard/v1",
    nodes: [
      {
        ...{ node: "lb-a", name: "anna", role: "viewer", seconds: 120 },
        url: expect.stringMatching(/^https:.*#code=/),
        fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/),
      },
    ],
    silent: [],
  });
});

test("a node that is none, or that does not answer, is an error with its cure", async () => {
  expect(await dashboard("--node", "lb-c")).toMatchObject({
    ...{ exitCode: 1, stdout: "" },
    stderr: expect.stringContaining("--node lb-c: there is lb-a, lb-b"),
  });
  expect((await dashboard("--node", "lb-b")).stderr).toContain("no agent answers");
  expect((await dashboard("--here", "--node", "lb-a")).stderr).toContain("leave out --node");
});

test("an agent's words do not steer the terminal", () => {
  const evil = "\u001b[2J\u202e\n";
  const text = dashboardText([
    {
      node: `lb-a${evil}`,
      place: evil,
      code: evil,
      name: evil,
      role: "viewer",
      seconds: 120,
      fingerprint: evil,
    },
  ]);
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  expect(text.split("\n")).toHaveLength(4);
});
