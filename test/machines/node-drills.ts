import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { needsInstalled, rolesOf, type Site, stage } from "./site.js";

interface Report {
  readonly drills: readonly {
    readonly drill: string;
    readonly verdict: string;
    readonly active_before: string;
    readonly takeover: { readonly node: string; readonly cause: string } | null;
  }[];
}

/** Drills as an operator of real machines has them: by a playbook, looked at through the agents. */
export function playbookDrills(site: Site): void {
  describe("drill.yml", () => {
    beforeEach((context) => needsInstalled(site, context));

    test("breaks what it is told to, says what came of it, and leaves the pair as it was", async () => {
      await site.operator.settled();
      const before = await rolesOf(site);
      const report = join(site.lab.directory, "drills.json");
      const { exitCode, said } = await stage(site, "drill.yml", () =>
        site.operator.ansible("drill.yml", [], {
          ...{ holdfast_drills: "agent-crash,haproxy-crash", holdfast_report: report },
        }),
      );
      expect(exitCode, said).toBe(0);
      expect(said).toMatch(new RegExp(`agent-crash +pass +${before.active} stayed active`));
      expect(said).toMatch(
        new RegExp(`haproxy-crash +pass +${before.active} -> ${before.standby}, first answer after \\d+ ms`),
      );
      const { drills } = JSON.parse(readFileSync(report, "utf8")) as Report;
      expect(drills).toMatchObject([
        { drill: "agent-crash", verdict: "pass", takeover: null },
        { drill: "haproxy-crash", verdict: "pass", takeover: { node: before.standby } },
      ]);
      expect(drills[1]?.takeover?.cause).toMatch(/haproxy-gone/);
      await site.operator.settled();
      expect(await rolesOf(site)).toEqual(before);
    });

    test("breaks nothing that was not named", async () => {
      const { exitCode, said } = await site.operator.ansible("drill.yml");
      expect(exitCode).not.toBe(0);
      expect(said).toMatch(/Name the drills, since they break things: -e holdfast_drills=all/);
    });
  });
}
