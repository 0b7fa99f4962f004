import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/deploy/change.js";
import { changePool } from "../../src/deploy/change-pool.js";
import { differInServersAlone, poolOf } from "../../src/deploy/pool.js";
import { poolDifferences } from "../../src/deploy/pool-differences.js";
import { showPool } from "../../src/deploy/pool-live.js";
import { poolTask } from "../../src/deploy/pool-task.js";
import { poolLines } from "../../src/deploy/pool-text.js";
import { haproxy, throughMultiplexer } from "../../src/render/haproxy.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster, Server } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster, examples } from "../render/examples.js";
import { HaproxyInMemory } from "./haproxy-in-memory.js";
import { pair, repooled } from "./topologies.js";

const node = nodeNamed(pair, "lb-a");
const cfgOf = (cluster: Cluster): string => haproxy.render(cluster, node);
const withServers = (servers: readonly Server[]): Cluster => ({
  ...pair,
  services: pair.services.map((service) => ({ ...service, servers })),
});

/** Servers by their names; the last two letters of the alphabet are backups, in an order of their own. */
const servers = fc
  .uniqueArray(
    fc.record({
      letter: fc.integer({ min: 0, max: 25 }),
      weight: fc.integer({ min: 1, max: 256 }),
      host: fc.integer({ min: 1, max: 250 }),
      six: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12, selector: ({ letter }) => letter },
  )
  .map((all) =>
    all
      .toSorted((a, b) => a.letter - b.letter)
      .map(
        ({ letter, weight, host, six }): Server => ({
          name: `c${String.fromCharCode(97 + letter)}`,
          ...(six ? { family: 6, address: `fd00::${host}` } : { family: 4, address: `10.0.2.${host}` }),
          ...{ port: 6653, weight, backup: letter === 25 },
        }),
      ),
  );

const patience = { timeout: 0, pause: 0 };
const running = (cfg: string) => {
  const engine = new HaproxyInMemory();
  engine.load(cfg);
  const host = { ask: async (_path: string, request: string) => engine.ask(request) };
  return { engine, change: (to: string) => changePool(host, to, patience) };
};

describe("a pool", () => {
  test("comes from any other one without a reload, and goes back, as if HAProxy had started with it", async () => {
    await fc.assert(
      fc.asyncProperty(servers, servers, async (before, after) => {
        const [had, wanted] = [cfgOf(withServers(before)), cfgOf(withServers(after))];
        const { engine, change } = running(had);
        await change(wanted);
        expect(engine.serving()).toEqual(running(wanted).engine.serving());
        expect(poolDifferences(wanted, engine.ask(showPool))).toEqual([]);
        await change(had);
        expect(engine.serving()).toEqual(running(had).engine.serving());
      }),
    );
  });

  test("that HAProxy already has takes no command", async () => {
    const cfg = cfgOf(pair);
    const { engine, change } = running(cfg);
    await change(cfg);
    expect(engine.told).toEqual([]);
  });

  test("changes by adding first and draining last, and an added server is down until its checks have passed", async () => {
    const { engine, change } = running(cfgOf(pair));
    await change(cfgOf(repooled));
    const told = engine.told.filter((command) => !command.startsWith("show"));
    expect(told.at(-1)).toBe("set server openflow/c2 state drain");
    const added = told.findIndex((command) =>
      command.startsWith("add server openflow/c9 10.0.2.19:6653 id "),
    );
    expect(told.slice(added + 1, added + 5)).toEqual([
      "enable health openflow/c9",
      "set server openflow/c9 state drain",
      "set server openflow/c9 health down",
      "set server openflow/c9 state ready",
    ]);
  });
});

describe("a change takes a reload", () => {
  const alive = (cfg: string): string => running(cfg).engine.ask(showPool);
  const task = (before: Cluster, after: Cluster) => {
    const [had, wanted] = [cfgOf(before), cfgOf(after)];
    const file = (body: string) => ({ body, mode: 0o640, user: "root", group: "root" });
    const change: Change = {
      path: paths.haproxyCfg,
      kind: "update",
      engine: "haproxy",
      before: file(had),
      after: file(wanted),
    };
    return poolTask(had === wanted ? undefined : change, wanted, alive(had));
  };
  const each = (change: (service: Cluster["services"][number]) => Partial<Cluster["services"][number]>) => ({
    ...pair,
    services: pair.services.map((service) => ({ ...service, ...change(service) })),
  });

  test("never for other servers, weights and addresses", () => {
    expect(task(pair, repooled)).toBe("live");
    expect(task(pair, pair)).toBe("nothing");
  });

  test.each<[string, Cluster]>([
    ["another way to balance", each(() => ({ balance: "leastconn" }))],
    [
      "another pace of the checks",
      each(({ healthCheck }) => ({ healthCheck: { ...healthCheck, interval: 777 } })),
    ],
    ["another port to listen on", each(({ listen }) => ({ listen: { ...listen, port: 6699 } }))],
    ["servers that see the client", each(() => ({ transparent: true }))],
    [
      "a server that becomes a backup",
      each(({ servers: own }) => ({ servers: own.map((one, index) => ({ ...one, backup: index === 0 })) })),
    ],
    [
      "one more service",
      {
        ...pair,
        services: pair.services.flatMap((one) => [
          one,
          { ...one, name: "netconf", listen: { ...one.listen, port: 830 } },
        ]),
      },
    ],
  ])("for %s", (_what, after) => {
    expect(task(pair, after)).toBe("reload");
  });

  test("for a pool all of whose servers are checked otherwise, though none of them stays", () => {
    const other = each(({ servers: own, healthCheck }) => ({
      servers: own.map((one) => ({ ...one, name: `${one.name}-b` })),
      healthCheck: { ...healthCheck, fall: 9 },
    }));
    expect(differInServersAlone(cfgOf(pair), cfgOf(other))).toBe(false);
  });

  test("for a file of another program", () => {
    const old = cfgOf(pair).replaceAll(/ id \d+/g, "");
    expect(poolOf(old)).toBeNull();
    expect(differInServersAlone(old, cfgOf(pair))).toBe(false);
  });
});

test("every rendered file is read back as it was written", () => {
  for (const name of examples) {
    const cluster = exampleCluster(name);
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error(`${name} has no node`);
    const pool = poolOf(haproxy.render(cluster, first));
    expect([...(pool?.keys() ?? [])]).toEqual(
      cluster.services.flatMap(({ name, mirror }) =>
        mirror?.via === "inline" ? [name, throughMultiplexer(name)] : [name],
      ),
    );
    for (const service of cluster.services)
      expect(pool?.get(service.name)?.map((own) => [own.name, own.weight, own.backup])).toEqual(
        service.servers.map((own) => [own.name, own.weight, own.backup]),
      );
  }
});

test("a plan names each server that changes", () => {
  expect(poolLines(cfgOf(pair), cfgOf(repooled))).toEqual([
    "backend openflow: ~ server c1 weight 1 -> 7",
    expect.stringMatching(/^backend openflow: ~ server c3 10\.0\.2\.\d+:6653 -> 10\.0\.2\.77:6653$/),
    "backend openflow: + server c9 10.0.2.19:6653",
    expect.stringMatching(/^backend openflow: - server c2 10\.0\.2\.\d+:6653$/),
  ]);
});

test("a server that only drains is no difference; one that somebody added is", () => {
  const cfg = cfgOf(pair);
  const { engine } = running(cfg);
  engine.ask("add server openflow/c8 10.0.2.18:6653 id 9 weight 1; set server openflow/c8 state drain");
  expect(poolDifferences(cfg, engine.ask(showPool))).toEqual([]);
  engine.ask("set server openflow/c8 state ready");
  expect(poolDifferences(cfg, engine.ask(showPool))).toEqual([
    "HAProxy has the server openflow/c8, which nobody rendered",
  ]);
});
