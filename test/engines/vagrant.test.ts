import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Deployment, inDeployment } from "./deployment.js";

const pair = "examples/pair.yaml";

async function validate({ run, directory }: Deployment, topology: string = pair) {
  const { exitCode, said, lines } = await run(
    "vagrant",
    ["vagrant", "validate", "--ignore-provider", "--no-color"],
    {
      HOLDFAST_TOPOLOGY: join(directory, topology),
    },
  );
  const machines = lines.flatMap((line) => /^==> ([^:]+):/.exec(line)?.[1] ?? []);
  return { exitCode, said, machines };
}

describe("the Vagrantfile", () => {
  it.each([pair, "examples/campus-routed.yaml"])("makes the machines of %s", (topology) =>
    inDeployment(async (deployment) => {
      const { exitCode, machines } = await validate(deployment, topology);
      expect(machines).toEqual(["lb-a", "lb-b", "c1", "c2", "c3", "switch-1"]);
      expect(exitCode).toBe(0);
    }),
  );

  it("is refused by Vagrant when it sets what does not exist", () =>
    inDeployment(async (deployment) => {
      await deployment.edit("vagrant/Vagrantfile", "guest.vm.hostname", "guest.vm.hostnaem");
      const { exitCode, said } = await validate(deployment);
      expect(said).toContain("hostnaem");
      expect(exitCode).not.toBe(0);
    }));

  it.each([
    [
      "a device that virtual machines have not",
      "device: eth2",
      "device: enp0s9",
      'have no "enp0s9", but eth1, eth2',
    ],
    ["a gap between devices", "device: eth3", "device: eth4", "lb-a has eth1, eth2, eth4"],
    [
      "an IPv6 network",
      "cidr: 10.0.1.0/24",
      "cidr: 2001:db8::/64",
      "network switches: Vagrant's machines speak IPv4 only",
    ],
    ["a name with a line break", "name: c1", 'name: "c1\\nevil"', "is no name"],
    [
      "a server behind a router",
      "address: 10.0.2.13",
      "address: 192.0.2.13",
      "server 192.0.2.13 is on none of the networks",
    ],
    ["a Ruby object", "cluster: campus", "cluster: !ruby/object:Object {}", "unspecified class"],
    ["an alias", "cluster: campus", "cluster: &a campus\nagent: *a", "BadAlias"],
  ])("refuses %s", (_, from, to, reason) =>
    inDeployment(async (deployment) => {
      await deployment.edit(pair, from, to);
      const { exitCode, said } = await validate(deployment);
      expect(said).toContain(reason);
      expect(exitCode).not.toBe(0);
    }),
  );
});
