import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { layout } from "../../src/lab/layout.js";
import type { Port } from "../../src/lab/layout-plan.js";
import { loadTopology } from "../../src/topology/load.js";
import { type Deployment, inDeployment } from "./deployment.js";

const pair = "examples/pair.yaml";

const routed = "examples/campus-routed.yaml";

interface Drawn {
  readonly machines: readonly {
    readonly name: string;
    readonly links: readonly string[];
    readonly routes: readonly (readonly [string, string])[];
  }[];
  readonly controller: string;
}

/** What the Vagrantfile is made of, for a topology. */
async function draw({ run, directory }: Deployment, topology: string): Promise<Drawn> {
  const script = `
    require "json"
    plan = Machines.new(Topology.read(ARGV[0]))
    machines = plan.all.map { |each| { name: each.name, links: each.links.map(&:address), routes: each.routes } }
    puts JSON.generate(machines: machines, controller: plan.controller)`;
  const { lines } = await run("vagrant", ["ruby", "-r./machines", "-e", script, join(directory, topology)]);
  return JSON.parse(lines.join("\n")) as Drawn;
}

async function validate({ run, directory }: Deployment, topology: string = pair) {
  const { exitCode, said, lines } = await run(
    "vagrant",
    ["vagrant", "validate", "--ignore-provider", "--no-color"],
    {
      HOLDFAST_TOPOLOGY: join(directory, topology),
    },
  );
  // Vagrant has several words for a machine at an address that ends in .1, as routers do.
  const machines = new Set(lines.flatMap((line) => /^==> ([^:]+):/.exec(line)?.[1] ?? []));
  return { exitCode, said, machines: [...machines] };
}

describe("the Vagrantfile", () => {
  it.each([
    [pair, ["c1", "c2", "c3", "switch-1"]],
    [routed, ["c1", "c2", "c3", "master", "router", "switch-1"]],
    ["examples/by-turns.yaml", ["big", "c1", "c2", "spare", "t1", "t2", "t3", "switch-1"]],
  ])("makes the machines of %s", (topology, others) =>
    inDeployment(async (deployment) => {
      const { exitCode, machines } = await validate(deployment, topology);
      expect(machines).toEqual(["lb-a", "lb-b", ...others]);
      expect(exitCode).toBe(0);
    }),
  );

  it.each([pair, routed])(
    "gives the machines of %s the addresses and the controller that the lab gives them",
    (topology) =>
      inDeployment(async (deployment) => {
        const drawn = await draw(deployment, topology);
        const { cluster } = loadTopology(await readFile(join(deployment.directory, topology), "utf8"));
        if (cluster === null) throw new Error(`${topology} is not valid`);
        const lab = layout(cluster, { switches: 1 });
        const links = (ports: readonly Pick<Port, "addresses">[]) =>
          ports.map(({ addresses }) => addresses.map(({ address }) => address).join());
        // The lab has clients too, which take addresses before switches do.
        for (const { name, links: own } of drawn.machines.filter(({ name }) => name !== "switch-1")) {
          const machine = lab.machines.find((candidate) => candidate.name === name);
          expect({ name, links: own }).toEqual({ name, links: machine && links(machine.ports) });
        }
        const [first] = lab.switches;
        expect(drawn.controller).toBe(`tcp:${first?.controller.address}:${first?.controller.port}`);
      }),
  );

  it("tells everybody around the pair which way is through it", () =>
    inDeployment(async (deployment) => {
      const { machines } = await draw(deployment, routed);
      const ways = (name: string) => machines.find((machine) => machine.name === name)?.routes;
      expect(ways("router")).toEqual([["10.0.2.0/24", "10.0.1.100"]]);
      expect(ways("switch-1")).toContainEqual(["10.0.2.0/24", "192.168.10.1"]);
      expect(ways("c1")).toContainEqual(["192.168.10.0/24", "10.0.2.1"]);
      expect(ways("lb-a")).toEqual([]);
    }));

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
      "c3 at 192.0.2.13 is on none of the networks, nor behind a router",
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
