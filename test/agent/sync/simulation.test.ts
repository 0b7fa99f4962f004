import fc from "fast-check";
import { expect, test } from "vitest";
import { ClusterInMemory, step } from "./cluster-in-memory.js";

type Course = readonly {
  readonly what: keyof typeof happenings;
  readonly node: number;
  readonly wait: number;
}[];

const happenings = {
  "power off": (cluster: ClusterInMemory, node: number) => cluster.powerOff(node),
  "power on": (cluster: ClusterInMemory, node: number) => cluster.powerOn(node),
  "conntrackd dies and comes back": (cluster: ClusterInMemory, node: number) => cluster.killEngine(node),
  "conntrackd stays away": (cluster: ClusterInMemory, node: number) => cluster.stopEngine(node),
  "the agent is replaced": (cluster: ClusterInMemory, node: number) => cluster.killAgent(node),
  "the virtual IPs move": (cluster: ClusterInMemory, node: number) => cluster.move(node),
  "the link is cut": (cluster: ClusterInMemory) => {
    cluster.linked = false;
  },
  "the link is mended": (cluster: ClusterInMemory) => {
    cluster.linked = true;
  },
  "half of what is sent is lost": (cluster: ClusterInMemory) => {
    cluster.arriving = 0.5;
  },
  "a hundred sessions begin": (cluster: ClusterInMemory) => cluster.open(100),
};

const courses: fc.Arbitrary<Course> = fc.array(
  fc.record({
    what: fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])),
    node: fc.nat({ max: 2 }),
    wait: fc.integer({ min: 0, max: 40 }),
  }),
  { maxLength: 25 },
);

/** Milliseconds: longer than anything is put off. */
const calm = 130_000;

const runs = { numRuns: 400 };

test("whatever happened: once all runs again, every standby holds what the active node holds, and sends nothing itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3 }), courses, (count, course) => {
      const cluster = new ClusterInMemory(count);
      cluster.open(500);
      for (const { what, node, wait } of course) {
        happenings[what](cluster, node);
        cluster.pass(wait * step);
      }
      Object.assign(cluster, { linked: true, arriving: 1 });
      for (const index of cluster.nodes.keys()) cluster.powerOn(index);
      if (cluster.active === null) cluster.move(0);
      cluster.startMissing();
      cluster.pass(calm);
      const holder = cluster.holder;
      for (const node of cluster.nodes) {
        expect(cluster.report(node)).toMatchObject({
          state: node === holder ? "active" : "complete",
          why: null,
          unsynced: null,
        });
        if (node === holder) continue;
        for (const session of holder?.kernel ?? []) expect(node.kernel.has(session)).toBe(true);
        expect(node.engine?.cache.size).toBe(0);
      }
    }),
    runs,
  );
});

test("nobody is kept out of service for longer than half a minute by one return of his", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3 }), courses, (count, course) => {
      const cluster = new ClusterInMemory(count);
      cluster.open(500);
      const since = new Map<string, number>();
      const watch = (returned: number | null) => {
        cluster.tick();
        for (const [index, node] of cluster.nodes.entries()) {
          const isKeptOut = (cluster.report(node)?.unsynced ?? null) !== null;
          if (!isKeptOut || index === returned) since.delete(node.name);
          else since.set(node.name, since.get(node.name) ?? cluster.now);
          expect(cluster.now - (since.get(node.name) ?? cluster.now)).toBeLessThanOrEqual(30_000 + step);
        }
      };
      for (const { what, node, wait } of course) {
        happenings[what](cluster, node);
        watch(node % count);
        for (let left = wait; left > 0; left -= 1) watch(null);
      }
    }),
    runs,
  );
});

test("a third node's troubles are no standby's", () => {
  fc.assert(
    fc.property(courses, (course) => {
      const cluster = new ClusterInMemory(3);
      cluster.open(500);
      cluster.pass(5_000);
      for (const { what, wait } of course) {
        if (/power|conntrackd|agent/.test(what)) happenings[what](cluster, 2);
        for (let left = wait; left > 0; left -= 1) {
          cluster.tick();
          expect(cluster.report(cluster.node(1))).toMatchObject({
            state: "complete",
            why: null,
            unsynced: null,
          });
        }
      }
    }),
    runs,
  );
});
