import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turns } from "../../src/render/turns.js";
import type { Server, Service } from "../../src/topology/cluster.js";
import { serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "./examples.js";

const pattern = serviceNamed(exampleCluster("by-turns"), "openflow");

const server = (name: string, weight: number, backup = false): Server => ({
  ...{ name, family: 4, address: "10.0.2.1", port: 6653 },
  ...{ weight, backup },
});

const serviceOf = (...servers: readonly Server[]): Service => ({ ...pattern, servers });
const names = (servers: readonly Server[]): Set<string> => new Set(servers.map(({ name }) => name));
const count = (cycle: readonly string[], name: string): number =>
  cycle.filter((turn) => turn === name).length;

const ordinary = fc
  .array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 20 })
  .map((weights) => weights.map((weight, index) => server(`c${index}`, weight)));

describe("turns", () => {
  test("equal servers take turns in the order in which they are written", () => {
    const service = serviceOf(server("c1", 7), server("c2", 7), server("c3", 7));
    expect(turns(service, 4, names(service.servers))).toEqual(["c1", "c2", "c3"]);
  });

  test("a heavy server's turns do not come all at once", () => {
    const service = serviceOf(server("c1", 4), server("c2", 2), server("c3", 2));
    expect(turns(service, 4, names(service.servers))).toEqual(["c1", "c2", "c3", "c1"]);
  });

  test("everybody who is up has turns in proportion to its weight, to within one, and at least one", () => {
    fc.assert(
      fc.property(ordinary, fc.infiniteStream(fc.boolean()), (servers, alive) => {
        const up = servers.filter(() => alive.next().value);
        const cycle = turns(serviceOf(...servers), 4, names(up));
        const total = up.reduce((sum, { weight }) => sum + weight, 0);
        const shared = Math.min(256, cycle.length);
        for (const { name, weight } of up) {
          expect(count(cycle, name)).toBeGreaterThanOrEqual(1);
          expect(Math.abs(count(cycle, name) - (shared * weight) / total)).toBeLessThanOrEqual(1.5);
        }
        expect(cycle.every((name) => names(up).has(name))).toBe(true);
        expect(cycle.length).toBeLessThanOrEqual(256 + servers.length);
      }),
    );
  });

  test("nobody's wait for its next turn is more than twice its fair one", () => {
    fc.assert(
      fc.property(ordinary, (servers) => {
        const cycle = turns(serviceOf(...servers), 4, names(servers));
        for (const { name } of servers) {
          const fair = cycle.length / count(cycle, name);
          let wait = 0;
          for (const turn of [...cycle, ...cycle]) {
            wait = turn === name ? 0 : wait + 1;
            expect(wait).toBeLessThan(2 * fair);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test("a backup has no turn as long as an ordinary server is up, then the first that is up has them all", () => {
    const service = serviceOf(
      server("b1", 1, true),
      server("c1", 3),
      server("b2", 9, true),
      server("gone", 0),
    );
    expect(turns(service, 4, names(service.servers))).toEqual(["c1"]);
    expect(turns(service, 4, new Set(["b1", "b2", "gone"]))).toEqual(["b1"]);
    expect(turns(service, 4, new Set(["b2", "gone"]))).toEqual(["b2"]);
    expect(turns(service, 4, new Set(["gone"]))).toEqual([]);
  });
});
