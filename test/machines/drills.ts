import { beforeEach, describe, expect, test } from "vitest";
import { subjectOf } from "../../src/cli/lab-subject.js";
import { catalogue } from "../../src/drill/catalogue.js";
import { runDrill } from "../../src/drill/run.js";
import { unhurried } from "../lab/unhurried.js";
import { needsInstalled, type Site, stage } from "./site.js";

/** The drills of the lab, on nodes where systemd starts what dies and a power loss takes the whole machine. */
export function drillsKeepTheirPromises(site: Site): void {
  describe("with the agents under systemd, a pair", () => {
    beforeEach((context) => needsInstalled(site, context));

    test.for(catalogue)("keeps the promise of $name", async (drill) => {
      const { verdict, seen } = await stage(site, `drill ${drill.name}`, () =>
        runDrill(unhurried(drill), subjectOf(site.lab), {
          progress: () => undefined,
          signal: new AbortController().signal,
        }),
      );
      const outages = seen.addresses.map(({ outage }) => outage.toFixed(0)).join("/");
      process.stderr.write(`machines: ${drill.name}: the virtual IPs were silent for ${outages} ms\n`);
      expect(verdict, JSON.stringify(seen.owners)).toEqual({ pass: true, reasons: [] });
    });
  });
}
