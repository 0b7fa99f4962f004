import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { interfaceOn } from "../../src/topology/select.js";
import { some } from "../thorough.js";
import { type Deployment, inDeployment, repository } from "./deployment.js";

/** Of load balancers. */
const examples = readdirSync(repository("examples")).filter(
  (name) => name.endsWith(".yaml") && name !== "overlay.yaml",
);

const list = ({ run }: Deployment, source: string) =>
  run("ansible", ["ansible-inventory", "-i", source, "--list"], { ANSIBLE_DEPRECATION_WARNINGS: "0" });

/** What a file of this text in the place of a topology makes Ansible say. */
async function listText(deployment: Deployment, text: string | Buffer) {
  const path = join(deployment.directory, "hostile.yaml");
  await writeFile(path, text);
  return list(deployment, path);
}

const pair = await readFile(repository("examples/pair.yaml"), "utf8");
const edited = (from: string, to: string): string => {
  if (!pair.includes(from)) throw new Error(`pair.yaml does not contain ${from}`);
  return pair.replace(from, to);
};

describe("a topology as Ansible's inventory", () => {
  it.each(examples)("%s has its nodes in its order, each where its agent is", (name) =>
    inDeployment(async (deployment) => {
      const path = join(deployment.directory, "examples", name);
      const { exitCode, lines } = await list(deployment, path);
      expect(exitCode).toBe(0);
      const { nodes, _meta } = JSON.parse(lines.join("\n"));
      const { cluster } = loadTopology(await readFile(path, "utf8"));
      if (cluster === null) throw new Error(`${name} is not valid`);
      expect(nodes.hosts).toEqual(cluster.nodes.map((node) => node.name));
      for (const node of cluster.nodes) {
        const vars = _meta.hostvars[node.name];
        expect(vars.ansible_host).toBe(interfaceOn(node, cluster.agent.network ?? "")?.addresses[0]?.address);
        expect(vars.holdfast_cluster).toBe(cluster.name);
        expect(vars.holdfast_topology).toEqual({ __ansible_unsafe: path });
        expect(vars.holdfast_node).toEqual({
          name: node.name,
          interfaces: Object.fromEntries(
            node.interfaces.map(({ network, device, addresses }) => [
              network,
              { device, address: addresses.map(({ address }) => address) },
            ]),
          ),
        });
      }
    }),
  );

  it.each([
    ["agent.network", "agent: { network: switches }\n", "10.0.1.2"],
    ["the first of sync.networks", "sync: { networks: [controllers, management] }\n", "10.0.2.2"],
  ])("reaches the nodes on %s", (_, written, address) =>
    inDeployment(async (deployment) => {
      const { lines } = await listText(deployment, pair + written);
      expect(JSON.parse(lines.join("\n"))._meta.hostvars["lb-a"].ansible_host).toBe(address);
    }),
  );

  it("may be named by a file for the plugin, which may choose another network", () =>
    inDeployment(async (deployment) => {
      const { exitCode, lines } = await list(deployment, "inventory/holdfast.yml");
      expect(exitCode).toBe(0);
      expect(JSON.parse(lines.join("\n"))._meta.hostvars["lb-b"].ansible_host).toBe("10.0.9.3");
      await deployment.edit(
        "ansible/inventory/holdfast.yml",
        "# network: management",
        "network: controllers",
      );
      const { lines: others } = await list(deployment, "inventory/holdfast.yml");
      expect(JSON.parse(others.join("\n"))._meta.hostvars["lb-b"].ansible_host).toBe("10.0.2.3");
    }));

  it("is found from any directory through such a file, without ansible.cfg", () =>
    inDeployment(async ({ run, directory }) => {
      const playbook = join(directory, "ansible/site.yml");
      const inventory = join(directory, "ansible/inventory/holdfast.yml");
      const { said } = await run("examples", ["ansible-playbook", "-i", inventory, "--list-hosts", playbook]);
      expect(said).toMatch(/hosts \(2\): (lb-a lb-b|lb-b lb-a)/);
    }));

  it("leaves an ordinary inventory to Ansible", () =>
    inDeployment(async (deployment) => {
      const { exitCode, lines } = await listText(
        deployment,
        "nodes: { hosts: { lb-z: { ansible_host: 192.0.2.1 } } }\n",
      );
      expect(exitCode).toBe(0);
      expect(JSON.parse(lines.join("\n")).nodes.hosts).toEqual(["lb-z"]);
    }));
});

const hostile: readonly [string, string | Buffer, RegExp][] = [
  [
    "an alias",
    edited("cluster: campus", "cluster: &a campus\nagent: *a"),
    /line 5, column 8: aliases are not supported/,
  ],
  [
    "a tag",
    edited("cluster: campus", "cluster: !!python/name:os.system x"),
    /line 4, column 10: tags are not/,
  ],
  ["a key that stands twice", `${pair}cluster: other\n`, /a key stands twice/],
  ["a map for a key", `${pair}? { a: b }\n: c\n`, /a key is a plain word/],
  ["a second document", `${pair}---\n{}\n`, /one file holds one topology/],
  ["very deep nesting", `cluster: ${"[".repeat(100_000)}`, /nested too deeply/],
  ["broken YAML", edited("nodes:", "nodes: ]"), /line 11, column 8/],
  [
    "a template for a name",
    edited("name: lb-a", "name: \"{{ lookup('pipe', 'id') }}\""),
    /nodes\[0\]\.name: is no name/,
  ],
  ["a template for an address", edited("10.0.9.2", "\"{{ lookup('pipe', 'id') }}\""), /is no IP address/],
  ["a template for a device", edited("device: eth3", 'device: "{{ x }}"'), /is no network device/],
  ["an option of ssh for an address", edited("10.0.9.2", "-oProxyCommand=id"), /is no IP address/],
  ["an octal-looking address", edited("10.0.9.2", "010.0.9.2"), /is no IP(v4)? address/],
  ["a name with a line break", edited("name: lb-a", 'name: "lb-a\\nevil"'), /nodes\[0\]\.name: is no name/],
  [
    "a node named localhost",
    edited("name: lb-a", "name: localhost"),
    /localhost has a meaning of its own in Ansible/,
  ],
  ["two nodes of one name", edited("name: lb-b", "name: lb-a"), /two are named lb-a/],
  [
    "a node that the agents' network does not reach",
    edited("management:  { device: eth3, address: 10.0.9.3 }", ""),
    /lb-b has no interface on the network management/,
  ],
  ["VPN servers alone", "cluster: overlay\nvpn: {}\n", /has VPN servers alone/],
  [
    "no nodes",
    "cluster: campus\nnetworks: {}\n",
    /is no topology: a topology has cluster, networks and nodes/,
  ],
  [
    "groups beside a topology's keys",
    `${pair}all: { hosts: { evil: } }\nnodes: { hosts: { evil: } }\n`,
    /a key stands twice/,
  ],
  [
    "words for the nodes",
    "cluster: campus\nnetworks: { m: { cidr: 10.0.9.0/24 } }\nnodes: lb-a\n",
    /nodes: is no list/,
  ],
];

describe("a file that is no good topology", () => {
  it.each(some(hostile, 4))("ends Ansible, with a place or a cure: %s", (_, text, reason) =>
    inDeployment(async (deployment) => {
      const { exitCode, said } = await listText(deployment, text);
      expect(said).toMatch(reason);
      expect(said).not.toContain("Traceback");
      expect(exitCode).toBe(4);
    }),
  );

  it("does not let a playbook succeed with nobody", () =>
    inDeployment(async ({ run, directory }) => {
      await writeFile(join(directory, "broken.yaml"), "cluster: campus\nnodes: []\n");
      const refused = await run("ansible", [
        "ansible-playbook",
        "-i",
        join(directory, "broken.yaml"),
        "site.yml",
      ]);
      expect(refused.exitCode).toBe(4);
      const empty = await run("ansible", ["ansible-playbook", "-i", "localhost,", "site.yml"]);
      expect(empty.said).toContain("There are no nodes: name a topology");
      expect(empty.exitCode).toBe(2);
    }));

  it("is told when the file for the plugin names none", () =>
    inDeployment(async (deployment) => {
      await deployment.edit("ansible/inventory/holdfast.yml", "../../examples/pair.yaml", "no-such.yaml");
      const { exitCode, said } = await list(deployment, "inventory/holdfast.yml");
      expect(said).toContain("no-such.yaml: cannot be read: No such file or directory");
      expect(exitCode).toBe(4);
    }));
});
