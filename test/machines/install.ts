import { describe, expect, test } from "vitest";
import { nodeNames, type Site, stage } from "./site.js";

/** `site.yml` up to where the agents wait for their topology, as whoever wants to look before anything runs. */
export function siteBringsAgents(site: Site): void {
  describe("site.yml over SSH", () => {
    test("in check mode changes nothing on a bare machine, and says that it would", async () => {
      const { exitCode, said, changed } = await stage(site, "site.yml --check, before", () =>
        site.operator.ansible("site.yml", ["--check", "--diff"], { holdfast_package: site.packages.first }),
      );
      expect(exitCode, said).toBe(0);
      for (const name of nodeNames) {
        expect(changed[name]).toBeGreaterThan(0);
        const { exec } = site.lab.machine(name);
        expect((await exec(["dpkg-query", "--show", "holdfast"])).exitCode).not.toBe(0);
        expect((await exec(["ls", "/etc/holdfast"])).exitCode).not.toBe(0);
      }
    });

    test("with holdfast_apply=false brings agents that wait, and no file of a topology", async () => {
      const { exitCode, said } = await stage(site, "site.yml, without an apply", () =>
        site.operator.ansible("site.yml", [], {
          ...{ holdfast_package: site.packages.first, holdfast_apply: false },
        }),
      );
      expect(exitCode, said).toBe(0);
      await site.operator.certify();
      for (const name of nodeNames)
        expect((await site.lab.machine(name).exec(["ls", "/etc/holdfast"])).stdout).toBe("pki\n");
    });
  });
}

/** `site.yml` makes a pair of them; what it says it would do is what it does. */
export function siteInstalls(site: Site): void {
  describe("site.yml, with the agents waiting,", () => {
    test("applies nothing while preflight finds an error, and says the cure", async () => {
      const { exec } = site.lab.machine("lb-b");
      const drop = ["INPUT", "-i", "eth1", "-p", "112", "-j", "DROP"];
      await exec(["iptables", "-I", ...drop]);
      try {
        const { exitCode, said } = await stage(site, "site.yml, stopped by preflight", () =>
          site.operator.ansible("site.yml", [], { holdfast_package: site.packages.first }),
        );
        expect(exitCode).not.toBe(0);
        // Ansible folds long lines.
        expect(said.replace(/\s+/g, " ")).toMatch(
          /lb-b protocol-112 switches: from lb-a [^|]*Cure: admit it[^|]*\| Nothing was applied/,
        );
        for (const name of nodeNames)
          expect((await site.lab.machine(name).exec(["ls", "/etc/holdfast"])).stdout).toBe("pki\n");
      } finally {
        await exec(["iptables", "-D", ...drop]);
      }
    });

    test("makes them a pair", async () => {
      const { exitCode, said } = await stage(site, "site.yml", () =>
        site.operator.ansible("site.yml", [], { holdfast_package: site.packages.first }),
      );
      expect(exitCode, said).toBe(0);
      site.installed = true;
      await site.operator.settled();
    });

    test("changes nothing the second time, and says so in check mode too", async () => {
      const play = (...options: string[]) =>
        site.operator.ansible("site.yml", options, { holdfast_package: site.packages.first });
      const again = await stage(site, "site.yml again", () => play());
      expect(again.exitCode, again.said).toBe(0);
      expect(again.changed, again.said).toMatchObject({ "lb-a": 0, "lb-b": 0 });
      const checked = await stage(site, "site.yml --check, after", () => play("--check"));
      expect(checked.exitCode, checked.said).toBe(0);
      expect(checked.changed, checked.said).toMatchObject({ "lb-a": 0, "lb-b": 0 });
    });

    test("leaves an agent that systemd confines: an exposure of at most 4.0", async () => {
      const { stdout } = await site.lab
        .machine("lb-a")
        .exec(["systemd-analyze", "security", "--no-pager", "holdfast-agent.service"]);
      const exposure = Number(
        /Overall exposure level for holdfast-agent.service: ([\d.]+)/.exec(stdout)?.[1],
      );
      process.stderr.write(`machines: systemd-analyze security holdfast-agent: ${exposure}\n`);
      expect(exposure, stdout).toBeLessThanOrEqual(4);
    });
  });
}
