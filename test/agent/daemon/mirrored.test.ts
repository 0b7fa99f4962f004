import { expect, test } from "vitest";
import { mirroredBy } from "../../../src/agent/daemon/mirrored.js";
import type { Running } from "../../../src/agent/daemon/running.js";
import type { Cluster } from "../../../src/topology/cluster.js";
import { inline, pair } from "../../deploy/topologies.js";

/** A node that has this role on the network of its switches. */
const running = (cluster: Cluster, role: string): Running => {
  const [service] = cluster.services;
  const network = cluster.virtualIps.find(({ name }) => name === service?.listen.virtualIp)?.network;
  const document = { node: cluster.nodes[0]?.name };
  const agent = { report: () => ({ roles: new Map([[network, role]]) }) };
  return { lookout: { cluster, document }, agent } as unknown as Running;
};

test("what is in the path is no task of the copy beside it, and is told by the node that has the virtual IPs", () => {
  expect(mirroredBy(running(inline(), "master"))).toMatchObject({
    ...{ tasks: [], inline: ["openflow"], active: ["openflow"] },
  });
  expect(mirroredBy(running(inline(), "backup"))).toMatchObject({ inline: ["openflow"], active: [] });
  expect(mirroredBy(running(pair, "master"))).toMatchObject({ inline: [], active: [] });
  expect(mirroredBy(null)).toMatchObject({ inline: [], active: [] });
});
