import { expect, test } from "vitest";
import { applyFleet, FleetError } from "../../src/fleet/apply.js";
import type { FleetPlan } from "../../src/fleet/plan.js";
import type { Progress } from "../../src/fleet/progress.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { NodeInMemory } from "../deploy/node-in-memory.js";
import { grown, pair } from "../deploy/topologies.js";

class Fleet {
  readonly a = new NodeInMemory("lb-a");
  readonly b = new NodeInMemory("lb-b");
  readonly progress: Progress[] = [];
  readonly abort = new AbortController();

  apply(
    cluster: Cluster,
    approve: (plan: FleetPlan) => Promise<boolean> = async () => true,
  ): Promise<FleetPlan | null> {
    return applyFleet({
      cluster,
      hosts: new Map([
        ["lb-a", this.a],
        ["lb-b", this.b],
      ]),
      programVersion: "test",
      approve,
      order: ["lb-b", "lb-a"],
      onProgress: (progress) => this.progress.push(progress),
      signal: this.abort.signal,
      patience: { timeout: 3, pause: 1 },
    });
  }

  /** `prepared lb-a`, in order. */
  said(): string[] {
    return this.progress.splice(0).map(({ kind, node }) => `${kind} ${node}`);
  }

  state = () => [this.a.state(), this.b.state()];
}

async function running(): Promise<Fleet> {
  const fleet = new Fleet();
  await fleet.apply(pair);
  fleet.said();
  return fleet;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

test("both nodes are prepared before the standby is committed, the active last", async () => {
  const fleet = await running();
  await fleet.apply(grown);
  const said = fleet.said();
  expect(said.slice(0, 2).sort()).toEqual(["prepared lb-a", "prepared lb-b"]);
  expect(said.slice(2)).toEqual(["committed lb-b", "committed lb-a"]);
});

test("faster adverts go to the active node first: a standby that expects them would take over", async () => {
  const fleet = await running();
  await fleet.apply({ ...pair, failover: { ...pair.failover, advertInterval: 20 } });
  expect(fleet.said().slice(2)).toEqual(["committed lb-a", "committed lb-b"]);
});

test("a generation is the same identity on every node", async () => {
  const fleet = await running();
  const plan = await fleet.apply(grown);
  expect(plan?.generation.number).toBe(2);
  for (const node of [fleet.a, fleet.b])
    expect(JSON.parse((await node.read("/var/lib/holdfast/current/manifest.json")) ?? "")).toMatchObject(
      plan?.generation ?? {},
    );
});

test("what one node's engine refuses changes nothing on any node", async () => {
  const fleet = await running();
  const before = fleet.state();
  fleet.b.refused = "10.0.2.19";
  const error = await errorOf(fleet.apply(grown));
  expect(error).toBeInstanceOf(FleetError);
  expect(String(error)).toMatch(
    /lb-b: haproxy refuses[\s\S]*unknown keyword[\s\S]*Nothing was changed on any node/,
  );
  expect(fleet.state()).toEqual(before);
});

test("when the second node fails to commit, the first is put back", async () => {
  const fleet = await running();
  const before = fleet.state();
  fleet.a.deaf.add("haproxy");
  const error = await errorOf(fleet.apply(grown));
  expect(String(error)).toMatch(
    /lb-a: HAProxy[\s\S]*lb-a is as it was before[\s\S]*No node was left changed/,
  );
  expect(fleet.said().slice(2)).toEqual(["committed lb-b", "failed lb-a", "restored lb-b"]);
  expect(fleet.state()).toEqual(before);
});

test("an interruption between two commits puts the first node back", async () => {
  const fleet = await running();
  const before = fleet.state();
  const reload = fleet.b.faults.service;
  fleet.b.faults.service = (action, name) => {
    fleet.abort.abort();
    return reload(action, name);
  };
  expect(String(await errorOf(fleet.apply(grown)))).toMatch(/interrupted[\s\S]*No node was left changed/);
  expect(fleet.state()).toEqual(before);
});

test("a plan that is not approved changes nothing", async () => {
  const fleet = await running();
  const before = fleet.state();
  expect(await fleet.apply(grown, async () => false)).toBeNull();
  expect(fleet.state()).toEqual(before);
});

test("the digest of a plan changes with what runs, and only then", async () => {
  const fleet = await running();
  const digests: string[] = [];
  const look = async (plan: FleetPlan) => digests.push(plan.digest) < 0;
  await fleet.apply(grown, look);
  await fleet.apply(grown, look);
  fleet.a.put("/etc/haproxy/haproxy.cfg", "global\n");
  await fleet.apply(grown, look);
  expect(digests[0]).toBe(digests[1]);
  expect(digests[2]).not.toBe(digests[0]);
});

test("a node that was edited by hand is repaired without a new generation", async () => {
  const fleet = await running();
  fleet.a.put("/etc/haproxy/haproxy.cfg", "global\n");
  const plan = await fleet.apply(pair);
  expect(plan?.generation.number).toBe(1);
  expect(fleet.said()).toEqual(["prepared lb-a", "committed lb-a"]);
});

test("two applies do not meet: the second is refused while the first holds the lock", async () => {
  const fleet = await running();
  const [first, second] = await Promise.allSettled([fleet.apply(grown), fleet.apply(grown)]);
  expect([first?.status, second?.status]).toEqual(["fulfilled", "rejected"]);
});
