import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { complaints, finding, type Told } from "../lab/preflight-rig.js";
import { needsInstalled, nodeNames, type Site, stage } from "./site.js";

/** `holdfast preflight --json`, asked over the network. */
export async function preflightOf(site: Site): Promise<Told> {
  const { exitCode, stdout, stderr } = await stage(site, "preflight", () =>
    site.operator.holdfast("preflight", "--json"),
  );
  if (stdout === "") throw new Error(stderr);
  return { ...JSON.parse(stdout), code: exitCode };
}

/** Agents that systemd confines see what those of the lab see, who may do anything. */
export function preflightBeforeTheFirstApply(site: Site): void {
  describe("preflight, before the first apply, by agents that their unit confines,", () => {
    test("finds nothing wrong with two healthy machines, and leaves no check out", async () => {
      const told = await preflightOf(site);
      expect(complaints(told)).toEqual([]);
      expect(told.code).toBe(0);
      const unknown = told.findings.filter(({ status }) => status === "unknown");
      expect(unknown.map(({ node, check }) => `${node} ${check}`)).toEqual([
        ...["lb-a agents", "lb-a clock", "lb-b clock", "lb-a neighbours"],
      ]);
      expect(finding(told, "lb-a clock unknown").text).toMatch(/a container \(systemd-nspawn\)/);
      // The agent may make no namespace there: systemd does, and takes it away again.
      for (const name of nodeNames) {
        expect(finding(told, `${name} kernel ok`).text).toMatch(/takes the rendered rules/);
        const { exec } = site.lab.machine(name);
        const units = await exec(["systemctl", "list-units", "--all", "--plain", "--type=service", "run-*"]);
        expect(units.stdout).not.toContain("run-u");
        expect((await exec(["iptables-save"])).stdout).not.toContain("HOLDFAST");
      }
    });

    test("sees a dropped protocol 112 behind and before the filter, and that a port is taken", async () => {
      const { exec, spawn } = site.lab.machine("lb-b");
      const drop = ["INPUT", "-i", "eth1", "-p", "112", "-j", "DROP"];
      await exec(["iptables", "-I", ...drop]);
      const stranger = await spawn(["/usr/bin/python3", "-m", "http.server", "6653"]);
      try {
        await sleep(500);
        const told = await preflightOf(site);
        expect(complaints(told)).toEqual([
          "lb-b ports error services",
          "lb-b protocol-112 error switches: from lb-a (10.0.1.2)",
        ]);
        expect(finding(told, "lb-b protocol-112 error").text).toMatch(
          /dropped by this node's own packet filter/,
        );
        // Whose it is may not be seen without CAP_SYS_PTRACE; that it is somebody's is.
        expect(finding(told, "lb-b ports error").text).toMatch(/^10\.0\.1\.100:6653 is already in use by /);
        expect(told.code).toBe(1);
      } finally {
        await stranger.stop();
        await exec(["iptables", "-D", ...drop]);
      }
    });
  });
}

export function preflightOfThePair(site: Site): void {
  describe("preflight, by agents that their unit confines,", () => {
    beforeEach((context) => needsInstalled(site, context));

    test("finds nothing wrong with a healthy pair, whose own sockets are no strangers'", async () => {
      await site.operator.settled();
      const told = await preflightOf(site);
      expect(complaints(told)).toEqual([]);
      expect(told.code).toBe(0);
      expect(told.nodes.filter(({ active }) => active)).toHaveLength(1);
      const ways = told.findings.filter(({ check, status }) => check === "neighbours" && status === "ok");
      expect(ways.map(({ place }) => place)).toContain("controllers: c1 (10.0.2.11)");
    });
  });
}
