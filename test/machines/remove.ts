import { beforeEach, describe, expect, test } from "vitest";
import { needsInstalled, nodeNames, type Site, stage } from "./site.js";

/** Looked for by this test itself: the playbook's own look might miss what its removal missed. */
const places: readonly (readonly string[])[] = [
  ["find", "/", "-xdev", "-iname", "*holdfast*", "-not", "-path", "/proc/*", "-not", "-path", "/sys/*"],
  ["find", "/var/lib/haproxy", "-name", "multiplexer"],
  ["systemctl", "list-units", "--all", "--plain", "--no-legend", "*holdfast*"],
  ["pgrep", "--list-full", "holdfast"],
  ["grep", "--recursive", "--files-with-matches", "--ignore-case", "holdfast", "/etc"],
];

export function removeLeavesNothing(site: Site): void {
  describe("remove.yml", () => {
    beforeEach((context) => needsInstalled(site, context));

    test("takes everything off both nodes", async () => {
      const { exitCode, said } = await stage(site, "remove.yml", () =>
        site.operator.ansible("remove.yml", [], {
          holdfast_package: site.packages.first,
          holdfast_really_remove: true,
        }),
      );
      expect(exitCode, said).toBe(0);
      const addresses = site.lab.cluster.virtualIps.flatMap((ip) =>
        ip.addresses.map(({ address }) => address),
      );
      for (const name of nodeNames) {
        const { exec } = site.lab.machine(name);
        for (const argv of places) expect((await exec(argv)).stdout, argv.join(" ")).toBe("");
        const rules = `${(await exec(["iptables-save"])).stdout}${(await exec(["ip6tables-save"])).stdout}`;
        expect(rules).not.toContain("HOLDFAST");
        const { stdout } = await exec(["ip", "-oneline", "address"]);
        for (const address of addresses) expect(stdout).not.toContain(` ${address}/`);
      }
    });
  });
}
