import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { startWatch } from "../../src/drill/watch.js";
import { needsInstalled, rolesOf, type Site, stage } from "./site.js";

/** An orderly reboot: the machine's own systemd ends it, and a fresh kernel network finds what the disk says. */
export function rebootsAreQuiet(site: Site): void {
  describe("a node that reboots", () => {
    beforeEach((context) => needsInstalled(site, context));

    test.for([
      { role: "standby", changes: 0 },
      { role: "active", changes: 1 },
    ] as const)(
      "as the $role comes back by itself as a standby, on the same generation",
      async ({ role, changes }) => {
        await site.operator.settled();
        const before = await rolesOf(site);
        const node = before[role];
        const watch = await startWatch(site.lab);
        try {
          await sleep(1_000); // It has heard by then whose the virtual IPs are.
          const at = Date.now();
          await stage(site, `reboot of the ${role}, until all is well`, async () => {
            await site.lab.shutDown(node);
            await site.lab.faults.powerOn(node);
            await site.operator.settled();
          });
          const to = Date.now();
          await watch.stop();
          const { owners } = watch.measure(at, to);
          expect(owners.changes, JSON.stringify(owners.timeline)).toBe(changes);
          const after = await rolesOf(site);
          expect(after.standby).toBe(changes === 0 ? node : before.active);
          expect(after.generations).toEqual(before.generations);
        } finally {
          await watch.stop();
        }
      },
    );
  });
}
