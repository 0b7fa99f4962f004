import { describe, expect, test } from "vitest";
import { installedEngines } from "../../src/agent/renderer/installed-engines.js";
import { changePool } from "../../src/deploy/change-pool.js";
import { routingDifferences, wantedRouting } from "../../src/deploy/kernel-routing.js";
import { confirmRouting, loadRouting, readRouting } from "../../src/deploy/routing.js";
import { ask as askSocket } from "../../src/host/ask.js";
import { runner } from "../../src/host/run.js";
import { bootCommands } from "../../src/render/boot.js";
import { haproxyDaemon } from "../../src/render/daemons.js";
import { haproxy } from "../../src/render/haproxy.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Family, Server } from "../../src/topology/cluster.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { some } from "../thorough.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { answer, ask, listening } from "./traffic.js";

/** Those on this machine: from HAProxy 2.9 on it serves without being root. */
const engines = await installedEngines({ run: runner([]) });

const base = exampleCluster("dual-stack");
const node = nodeNamed(base, "lb-a");

const addresses = {
  4: { virtual: "10.20.1.100", client: "10.20.1.77", server: "10.20.2.11", gateway: "10.20.2.1", length: 24 },
  6: {
    virtual: "2001:db8:20:1::100",
    client: "2001:db8:20:1::77",
    server: "2001:db8:20:2::11",
    gateway: "2001:db8:20:2::1",
    length: 64,
  },
} as const;

function transparentCluster(family: Family): Cluster {
  const service = serviceNamed(base, "openflow-tls");
  const server: Server = {
    name: "c1",
    family,
    address: addresses[family].server,
    port: 6654,
    weight: 1,
    backup: false,
  };
  const check = { ...service.healthCheck, type: "tcp" as const };
  const listen = { virtualIp: "controller-ip", port: 6654 };
  const own = { ...service, listen, servers: [server], healthCheck: check, transparent: true };
  return { ...base, services: [own], nat: { destination: [], source: [] } };
}

/** Another server at the same address: the one that there was only drains. */
const renamed = (cluster: Cluster): Cluster => ({
  ...cluster,
  services: cluster.services.map((service) => ({
    ...service,
    servers: service.servers.map((server) => ({ ...server, name: `${server.name}-b` })),
  })),
});

const askIn =
  (machine: Sandbox) =>
  (path: string, request: string): Promise<string> =>
    askSocket(`/proc/${machine.pid}/root${path}`, request, 2_000);

describe("a transparent service", () => {
  test.each(some([4, 6] as const, 2))(
    "shows its IPv%i servers, also one that is added while HAProxy runs, the client's own address",
    async (family) => {
      const cluster = transparentCluster(family);
      const { virtual, client, server, gateway, length } = addresses[family];
      await using lb = await sandbox();
      await using clients = await sandbox();
      await using servers = await sandbox();
      await plugIn(lb, node);
      await lb.install(renderNode(cluster, node, engines));
      for (const { argv, mayFail } of bootCommands(cluster, node)) if (!mayFail) await lb.must(...argv);
      expect((await readRouting(lb)).wayBack).toContain(family);
      const nodad = family === 6 ? ["nodad"] : [];
      await lb.must("ip", "addr", "add", `${virtual}/${length}`, "dev", "eth1", ...nodad);
      await lb.must("ip", "addr", "add", `${gateway}/${length}`, "dev", "eth2", ...nodad);
      await connect(lb, "eth1", clients, [`${client}/${length}`]);
      await connect(lb, "eth2", servers, [`${server}/${length}`]);
      await servers.must("ip", `-${family}`, "route", "add", "default", "via", gateway);
      await answer(servers, server, 6654);
      lb.start(...haproxyDaemon.argv);
      await listening(lb, 6654);
      expect(await ask(clients, client, virtual, 6654)).toBe(`${server} ${client}`);
      const socket = { ask: askIn(lb) };
      await changePool(socket, haproxy.render(renamed(cluster), node, engines), {
        timeout: 8_000,
        pause: 50,
      });
      expect(await ask(clients, client, virtual, 6654)).toBe(`${server} ${client}`);
    },
  );
});

test("a way back that somebody took away is missed, and is there again after an apply", async () => {
  const files = renderNode(base, node);
  const wanted = wantedRouting(base, files);
  await using lb = await sandbox();
  await plugIn(lb, node);
  await lb.install(files);
  for (const { argv, mayFail } of bootCommands(base, node)) if (!mayFail) await lb.must(...argv);
  expect(routingDifferences(wanted, await readRouting(lb))).toEqual([]);
  await lb.must("ip", "-4", "rule", "flush", "protocol", "72");
  await lb.must("ip", "-6", "route", "flush", "table", "72");
  expect(routingDifferences(wanted, await readRouting(lb))).toHaveLength(2);
  await loadRouting(lb, wanted);
  await confirmRouting(lb, wanted);
});
