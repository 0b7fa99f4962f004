import { afterEach, beforeEach, expect, test } from "vitest";
import { checkHandlers } from "../../../src/agent/daemon/check-handlers.js";
import type { DriftItem } from "../../../src/api/documents.js";
import { AgentClient } from "../../../src/fleet/client.js";
import { FleetInMemory, pairText } from "../../fleet/fleet-in-memory.js";
import { Cluster } from "../server/cluster.js";
import { handlersWith } from "../server/handlers.js";

const item = (what: string): DriftItem => ({
  ...{ kind: "file", what, diff: "--- a\n+++ b\n", since: "2026-12-01T00:00:00.000Z" },
});

/** lb-a's API is real, and its peers' as far as they are asked: through their own routes, as a node. */
let own: Cluster;
let peer: Cluster;
let fleet: FleetInMemory;

beforeEach(async () => {
  fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  peer = await new Cluster().start({
    handlers: handlersWith({ drift: () => ({ node: "lb-b", items: [item("/etc/haproxy/haproxy.cfg")] }) }),
  });
  const asNode = peer.client(await peer.issue("lb-a", "node"));
  const nobody = new AgentClient("lb-c", { kind: "unix", path: peer.at("no.sock") });
  own = await new Cluster().start({
    handlers: handlersWith(
      checkHandlers({
        node: "lb-a",
        office: fleet.office("lb-a"),
        views: { drift: () => [item("/etc/x")] },
        others: () => [
          { node: "lb-b", client: asNode },
          { node: "lb-c", client: nobody },
        ],
      }),
    ),
  });
});
afterEach(async () => {
  await own.stop();
  await peer.stop();
});

test("a viewer is told whether it is safe to switch now, what a drain would cost, and where nodes differ", async () => {
  const bert = own.client(await own.issue("bert", "viewer"));
  expect(await bert.call("switchoverCheck", {})).toMatchObject({
    from: "lb-a",
    targets: [{ to: "lb-b", obstacle: null }],
  });
  expect((await bert.call("maintenanceCheck", {})).nodes).toMatchObject([
    { node: "lb-a", takes_over: "lb-b" },
    { node: "lb-b", takes_over: null },
  ]);
  const { nodes, silent } = await bert.call("clusterDrift", {});
  expect(nodes.map(({ node, items }) => [node, items.map(({ what }) => what)])).toEqual([
    ["lb-a", ["/etc/x"]],
    ["lb-b", ["/etc/haproxy/haproxy.cfg"]],
  ]);
  expect(silent).toEqual(["lb-c"]);
});

test("a cluster that cannot be moved is a refusal with its reason, and no error of the agent", async () => {
  fleet.cluster = null;
  const bert = own.client(await own.issue("bert", "viewer"));
  await expect(bert.call("switchoverCheck", {})).rejects.toMatchObject({
    status: 409,
    reason: expect.stringContaining("no topology yet"),
  });
});
