import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PoolReaper } from "../../src/agent/engines/pool-reaper.js";
import { changePool, readPool } from "../../src/deploy/change-pool.js";
import { parseProcesses } from "../../src/deploy/haproxy.js";
import { until } from "../../src/deploy/patience.js";
import { poolDifferences } from "../../src/deploy/pool-differences.js";
import { parseLivePool, showPool } from "../../src/deploy/pool-live.js";
import { ask } from "../../src/host/ask.js";
import { parseServers, showServers } from "../../src/observe/haproxy.js";
import { haproxyDaemon } from "../../src/render/daemons.js";
import { haproxy } from "../../src/render/haproxy.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Server, Service } from "../../src/topology/cluster.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { FakeHost } from "../host/fake-host.js";
import { exampleCluster } from "../render/examples.js";
import { isThorough } from "../thorough.js";
import { appears, echoServers, placement, underLoad } from "./pool-load.js";
import { type Sandbox, sandbox } from "./sandbox.js";

const base = exampleCluster("pair");
const node = nodeNamed(base, "lb-a");
const pattern = serviceNamed(base, "openflow");
const virtual = "10.0.1.100";
const port = 6653;

/** Host numbers below 127.0.2.0: nothing answers at the last. */
const living = Array.from({ length: 11 }, (_, index) => index + 1);
const dead = 99;
const elsewhere = 50;

const server = (host: number, weight: number, moved: boolean): Server => ({
  ...{ name: `c${host}`, family: 4, address: `127.0.2.${moved ? host + elsewhere : host}` },
  ...{ port, weight, backup: host > 10 && host !== dead },
});

/** At least one ordinary server that lives and does not drain; one is a backup, one never answers. */
const pools = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...living.slice(0, 10)), { minLength: 1, maxLength: 8 }),
    fc.subarray([11, dead]),
    fc.infiniteStream(fc.integer({ min: 0, max: 20 })),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([ordinary, others, weights, moves]) =>
    [...ordinary, ...others]
      .toSorted((a, b) => a - b)
      .map((host, index) => {
        const weight = weights.next().value;
        return server(host, index === 0 ? weight + 1 : weight, moves.next().value && host <= 10);
      }),
  );

const clusterOf = (servers: readonly Server[]): Cluster => {
  const healthCheck = { ...pattern.healthCheck, type: "tcp" as const, interval: 200, timeout: 200 };
  const service = (name: string, own: number, rest: Partial<Service>): Service => ({
    ...pattern,
    ...{ name, listen: { ...pattern.listen, port: own }, healthCheck, servers },
    ...rest,
  });
  return {
    ...base,
    services: [
      service("sticky", 6653, { balance: "source" }),
      service("least", 6654, { balance: "leastconn" }),
      service("translated", 6655, { balance: "source", mode: "nat" }),
    ],
  };
};
const cfgOf = (servers: readonly Server[]): string => haproxy.render(clusterOf(servers), node);

let machine: Sandbox;
const question = (socket: string, request: string): Promise<string> =>
  ask(`/proc/${machine.pid}/root${socket}`, `${request.trimEnd()}\n`, 5_000);
const host = { ask: question };
const patience = { timeout: 8_000, interval: 200 };
const processes = async () => parseProcesses(await question(paths.haproxyMaster, "show proc"));

const [first = [], ...random] = fc.sample(pools, { seed: 3, numRuns: isThorough ? 50 : 15 });
const last = [1, 3, 5, 7, 9, 11, dead].map((host, index) => server(host, 3 * index + 1, host === 5));
const changes = [...random, last];

beforeAll(async () => {
  machine = await sandbox();
  await machine.must("ip", "addr", "add", `${virtual}/32`, "dev", "lo");
  await machine.must("ip", "addr", "add", "10.0.1.101/32", "dev", "lo");
  // The addresses of the clients; what comes from 127.0.0.0/8 is taken for the agent's own question.
  await machine.must("ip", "route", "add", "local", "10.77.0.0/16", "dev", "lo");
  const addresses = living.flatMap((own) => [`127.0.2.${own}`, `127.0.2.${own + elsewhere}`]);
  await echoServers(machine, addresses, port);
  await machine.install(renderNode(clusterOf(first), node));
  machine.start(...haproxyDaemon.argv);
  // Both sockets are there a moment before somebody answers at them.
  const complaint = async () =>
    (await processes()).workers.length === 0 || (await readPool(host)) === null
      ? "HAProxy does not serve"
      : null;
  await until(complaint, { timeout: 8_000, pause: 50 });
}, 30_000);

afterAll(() => machine?.[Symbol.asyncDispose]());

/** What a fresh HAProxy has too: not the servers that drain, not when something happened last. */
async function shown(socket: string): Promise<unknown[]> {
  const pool = parseLivePool(await question(socket, showPool));
  const statistics = (await question(socket, showServers)).split("\n").map((line) => line.split(","));
  const columns = statistics[0] ?? [];
  const checks = new Map(
    statistics.map((row) => [
      `${row[0]}/${row[1]}`,
      ["check_status", "check_rise", "check_fall", "check_health", "status"].map(
        (key) => row[columns.indexOf(key)],
      ),
    ]),
  );
  return [...pool]
    .flatMap(([backend, servers]) =>
      servers
        .filter(({ admin }) => admin === "ready")
        .map(({ sessions: _, ...own }) => ({
          ...own,
          backend,
          checks: checks.get(`${backend}/${own.name}`),
        })),
    )
    .toSorted((a, b) => `${a.backend}/${a.name}`.localeCompare(`${b.backend}/${b.name}`));
}

test(`${changes.length} random changes of a pool under load fail no connection, drop no session and take no reload`, async () => {
  const reloads = await processes();
  const load = underLoad(machine, { to: virtual, ports: [6653, 6654], perSecond: 200, idle: 50 });
  await appears(machine, "/run/ready");
  const durations: number[] = [];
  for (const pool of changes) {
    const begun = performance.now();
    await changePool(host, cfgOf(pool), { timeout: 5_000, pause: 20 });
    durations.push(performance.now() - begun);
    // Time for added servers to be checked and used, and sometimes not enough.
    await sleep(40 * (durations.length % 11));
    expect(poolDifferences(cfgOf(pool), await question(paths.haproxyAdmin, showPool))).toEqual([]);
  }
  await machine.must("touch", "/run/stop");
  const { opened, failed, dropped } = await load;
  durations.sort((a, b) => a - b);
  console.log(
    `${changes.length} changes, ${opened} connections: ${failed.length} failed, ${dropped} of 50 sessions dropped; a change took ${durations[durations.length >> 1]?.toFixed(0)} ms in the median, ${durations.at(-1)?.toFixed(0)} ms at most`,
  );
  expect({ failed, dropped }).toEqual({ failed: [], dropped: 0 });
  expect(opened).toBeGreaterThan(changes.length * 2);
  expect(await processes()).toEqual(reloads);
}, 240_000);

test("afterwards HAProxy is what a fresh one is that starts with the last file, and places every client alike", async () => {
  const cfg = cfgOf(last);
  const body = cfg
    .replaceAll(virtual, "10.0.1.101")
    .replaceAll(paths.haproxyAdmin, "/run/haproxy/fresh.sock");
  const file = {
    ...{ path: "/etc/haproxy/fresh.cfg", mode: 0o640, body },
    owner: { user: "root", group: "root" },
  };
  await machine.install([{ ...file, engine: "haproxy" }]);
  machine.start("/usr/sbin/haproxy", "-W", "-f", file.path, "-S", "/run/haproxy/fresh-master.sock");
  await expect
    .poll(async () => [await shown(paths.haproxyAdmin), await shown("/run/haproxy/fresh.sock")], patience)
    .toSatisfy(([live, fresh]: unknown[][]) => JSON.stringify(live) === JSON.stringify(fresh));
  const clients = await placement(machine, virtual, 6653, 400);
  expect(new Set(clients).size).toBe(5);
  expect(await placement(machine, "10.0.1.101", 6653, 400)).toEqual(clients);
}, 60_000);

test("the servers that were left to drain are deleted now that nobody uses them, and no other", async () => {
  const cluster = clusterOf(last);
  const lb = new FakeHost("lb-a");
  lb.ask = question;
  const failures: string[] = [];
  const reaper = new PoolReaper(lb, cluster, {
    deleted: () => undefined,
    failed: (why) => failures.push(why),
  });
  const names = async () => {
    const servers = parseServers(await question(paths.haproxyAdmin, showServers));
    reaper.servers(servers);
    return servers.map(({ service, name }) => `${service}/${name}`).sort();
  };
  const wanted = cluster.services.flatMap(({ name, servers }) => servers.map((own) => `${name}/${own.name}`));
  await expect.poll(names, { timeout: 20_000, interval: 50 }).toEqual(wanted.sort());
  expect(failures).toEqual([]);
}, 30_000);
