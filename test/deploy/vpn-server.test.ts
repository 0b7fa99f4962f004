import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { prepare } from "../../src/deploy/apply.js";
import { digestOf, nextGeneration } from "../../src/deploy/generation.js";
import { readJournal } from "../../src/deploy/journal.js";
import { keep } from "../../src/deploy/keep.js";
import { settingsIn } from "../../src/deploy/kernel-settings.js";
import { type NodePlan, planNode } from "../../src/deploy/plan.js";
import { readPresent } from "../../src/deploy/present.js";
import { lookAtRemoval, remove } from "../../src/deploy/remove.js";
import { describeStep } from "../../src/deploy/steps.js";
import { recover } from "../../src/deploy/undo.js";
import { renderMachine } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { machineNamed } from "../../src/topology/machines.js";
import { FakeHost } from "../host/fake-host.js";
import { type Edit, edited, example } from "../topology/examples.js";
import { authority, type Made, made, now, server as ofServer, type Wanted } from "../vpn/identity-maker.js";

const clusterOf = (...edits: readonly Edit[]): Cluster => {
  const { cluster, problems } = loadTopology(edited("overlay", ...edits));
  if (cluster === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return cluster;
};

const overlay = clusterOf();
const onPort1195: Edit = ["      backbone: 10.200.200.1", "      port: 1195\n      backbone: 10.200.200.1"];
const otherPort = clusterOf(onPort1195);
const clients = "/etc/openvpn/holdfast-overlay-clients";
const server = "/etc/openvpn/server/overlay.conf";

const pki = "/etc/openvpn/holdfast";

let root: Made;
let identity: Made;
beforeAll(async () => {
  root = await authority("root");
  identity = await made(ofServer, root);
});

let host: FakeHost;
let settings: Map<string, string>;
beforeEach(() => {
  // A host's own name is what an administrator calls it.
  host = new FakeHost("frankfurt.example.net", {
    "/etc/bird/bird.conf": "# Debian's own\n",
    [`${pki}/ca.crt`]: root.certificate,
    [`${pki}/server.crt`]: identity.certificate,
    [`${pki}/server.key`]: identity.key,
  });
  host.clock = now;
  settings = new Map();
  host.faults.run = ([program = "", verb = "", ...args], asked) => {
    if (program === "ip") return { stdout: asked.replace(/.+/g, "[]") };
    if (program !== "sysctl") return undefined;
    if (verb === "-w") for (const [key, value] of settingsIn(args.join("\n"))) settings.set(key, value);
    return { stdout: args.map((key) => `${key} = ${settings.get(key) ?? "0"}\n`).join("") };
  };
});

const filesOf = (cluster: Cluster) => renderMachine(cluster, machineNamed(cluster, "vpn-a"));

async function planOf(cluster: Cluster): Promise<NodePlan> {
  const files = filesOf(cluster);
  const present = await readPresent(host, files, cluster);
  const to = nextGeneration([{ ...present, proposed: 0 }], digestOf(cluster, "test"));
  return planNode("vpn-a", cluster, files, present, to);
}

/** @param timeout milliseconds that an engine has */
async function commit(cluster: Cluster, timeout = 2_000): Promise<void> {
  const target = { cluster, node: null, files: filesOf(cluster) };
  const prepared = await prepare(host, await planOf(cluster), target, { timeout, pause: 1 });
  await prepared.commit();
}

async function deploy(cluster: Cluster): Promise<void> {
  await commit(cluster);
  await keep(host);
}

const steps = ({ steps: all }: NodePlan): string[] => all.map(describeStep);

describe("the plan of a VPN server", () => {
  test("begins with kernel settings, then OpenVPN, then BIRD, and asks nothing of engines that it has not", async () => {
    expect(steps(await planOf(overlay))).toEqual([
      "kernel settings are loaded",
      "openvpn-server@overlay-backbone0 is started",
      "openvpn-server@overlay is started",
      "bird is started",
      "holdfast-agent is started",
    ]);
    expect(host.told.filter((word) => /iptables|ip -|haproxy|conntrack/.test(word))).toEqual([]);
  });

  test("is empty once all stands", async () => {
    await deploy(overlay);
    expect(await planOf(overlay)).toMatchObject({ isEmpty: true, steps: [], drift: [] });
  });

  test.each<[string, Edit, string[], string]>([
    [
      "another client restarts nothing",
      ["  - { name: host2", "  - { name: host3, address: 10.100.200.3 }\n    - { name: host2"],
      ["bird is reloaded", "holdfast-agent is reloaded"],
      "No session dropped, no reload, no role change.",
    ],
    [
      "another port restarts the server alone",
      onPort1195,
      ["openvpn-server@overlay is restarted", "holdfast-agent is reloaded"],
      "OpenVPN restarts (overlay): whoever is connected there connects again, here or elsewhere.",
    ],
    [
      "another address of a peer restarts the tunnel to it",
      ["198.51.100.20", "198.51.100.21"],
      ["openvpn-server@overlay-backbone0 is restarted", "holdfast-agent is reloaded"],
      "OpenVPN restarts (overlay-backbone0): whoever is connected there connects again, here or elsewhere.",
    ],
    [
      "another fixed address restarts nothing, and its client logs in anew",
      ["[10.100.200.1,", "[10.100.200.7,"],
      ["holdfast-agent is reloaded"],
      "Clients whose addresses change log in anew (host1).",
    ],
    [
      "another name of the network ends what had the old one first",
      ["  name: overlay", "  name: other"],
      [
        "openvpn-server@overlay-backbone0 is stopped",
        "openvpn-server@overlay is stopped",
        "openvpn-server@other-backbone0 is started",
        "openvpn-server@other is started",
        "holdfast-agent is reloaded",
      ],
      "OpenVPN ends (overlay-backbone0, overlay).",
    ],
  ])("%s", async (_, edit, wanted, impact) => {
    await deploy(overlay);
    const plan = await planOf(clusterOf(edit));
    expect(steps(plan)).toEqual(wanted);
    expect(plan.impact).toEqual([impact]);
  });

  test("starts what somebody stopped", async () => {
    await deploy(overlay);
    await host.services.stop("openvpn-server@overlay");
    const plan = await planOf(overlay);
    expect(steps(plan)).toEqual(["openvpn-server@overlay is started"]);
    expect(plan.drift).toEqual(["openvpn-server@overlay does not run"]);
  });

  test("is refused on a machine that is a load balancer", async () => {
    await deploy(overlay);
    const { cluster } = loadTopology(example("pair"));
    const files = cluster === null ? [] : renderMachine(cluster, machineNamed(cluster, "lb-a"));
    const present = await readPresent(host, files, cluster ?? overlay);
    expect(() => planNode("vpn-a", cluster ?? overlay, files, present, { number: 2, digest: "x" })).toThrow(
      "vpn-a is a VPN server and would become a load balancer: run 'holdfast remove' there first",
    );
  });
});

describe("an apply to a VPN server", () => {
  test("asks OpenVPN about its files and BIRD about its own, and changes nothing where one refuses", async () => {
    const before = host.bodies();
    host.faults.run = ([program = ""]) =>
      program === "openvpn"
        ? { exitCode: 1, stdout: "Options error: --ca fails with '/etc/openvpn/holdfast/ca.crt'" }
        : {};
    await expect(commit(overlay)).rejects.toThrow(`openvpn refuses ${server}`);
    expect(host.bodies()).toEqual(before);
    expect(host.told.filter((word) => word.includes("--show-digests"))).toHaveLength(2);
    expect(host.told.filter((word) => word.startsWith("run bird -p -c /etc/bird/"))).toHaveLength(1);
  });

  test("names every file of an operator's that OpenVPN would miss, before it restarts", async () => {
    const before = host.bodies();
    const away = ["/etc/openvpn/holdfast/server.crt", "/etc/openvpn/pass"];
    host.faults.run = ([program = "", , file = ""]) =>
      program === "test" && away.includes(file) ? { exitCode: 1 } : {};
    const refused = commit(overlay);
    await expect(refused).rejects.toThrow(
      "there is no file /etc/openvpn/holdfast/server.crt, which `cert` names: put it there first",
    );
    await expect(refused).rejects.toThrow("there is no file /etc/openvpn/pass, which `management` names");
    expect(host.bodies()).toEqual(before);
  });

  test.each<[string, Partial<Wanted>, string]>([
    ["of another server", { subject: "CN=vpn-b" }, `has the common name "vpn-b": issue one for vpn-a`],
    ["that expired", { begins: -2, ends: -1 }, "expired on Nov 22"],
    ["that is not valid yet", { begins: 1, ends: 2 }, "is not valid before Nov 24"],
    [
      "that calls nobody",
      { extended: ["serverAuth"] },
      "is not for both TLS servers and TLS clients, so that clients or other servers refuse it: issue one with extendedKeyUsage=serverAuth,clientAuth",
    ],
    ["without keyUsage", { usage: null }, "has no keyUsage"],
  ])("is refused for a certificate %s, before OpenVPN restarts", async (_, change, told) => {
    await deploy(overlay);
    const { certificate, key } = await made({ ...ofServer, ...change }, root);
    host.put(`${pki}/server.crt`, certificate);
    host.put(`${pki}/server.key`, key);
    const [before, running] = [host.bodies(), new Map(host.running)];
    await expect(commit(otherPort)).rejects.toThrow(`openvpn refuses ${server}:\n${pki}/server.crt ${told}`);
    expect(host.bodies()).toEqual(before);
    expect(host.running).toEqual(running);
  });

  test("is refused for a key of another certificate, of which nothing is told, and for another authority", async () => {
    await deploy(overlay);
    const other = await made(ofServer, root);
    host.put(`${pki}/server.key`, other.key);
    const refused = commit(otherPort);
    await expect(refused).rejects.toThrow(
      `${pki}/server.key is not the key of ${pki}/server.crt: take the two that were made together`,
    );
    await refused.catch((error: Error) => {
      for (const line of other.key.trim().split("\n")) expect(error.message).not.toContain(line);
    });
    host.put(`${pki}/server.key`, identity.key);
    host.put(`${pki}/ca.crt`, (await authority("other")).certificate);
    await expect(commit(otherPort)).rejects.toThrow(
      `${pki}/server.crt was not issued by ${pki}/ca.crt, so that clients or other servers refuse it`,
    );
    await commit(overlay);
  });

  test("that OpenVPN does not survive, neither with its new file nor with the old one, says so and where to look", async () => {
    await deploy(overlay);
    const before = host.bodies();
    const { status } = host.services;
    const dead = { running: false, pid: null, restarts: 3 };
    host.services.status = async (name) =>
      host.told.includes(`restart ${name}`) && name === "openvpn-server@overlay" ? dead : status(name);
    const where =
      "openvpn-server@overlay does not stay up; OpenVPN's last words there: journalctl -u openvpn-server@overlay";
    await expect(commit(otherPort, 50)).rejects.toThrow(
      `frankfurt.example.net: ${where}\nfrankfurt.example.net has its files of before, but not all of its engines:\n${where}`,
    );
    expect(host.bodies()).toEqual(before);
  });

  test("that OpenVPN survives only with its old file says that all is as before", async () => {
    await deploy(overlay);
    const { status } = host.services;
    host.services.status = async (name) => {
      const wrong = ((await host.read(server)) ?? "").includes("\nlport 1195\n");
      return wrong && name === "openvpn-server@overlay"
        ? { running: false, pid: null, restarts: 3 }
        : status(name);
    };
    await expect(commit(otherPort, 50)).rejects.toThrow("frankfurt.example.net is as it was before");
  });

  test("puts everything back when a process does not start, BIRD's own file of before too", async () => {
    await host.services.start("bird");
    const before = host.bodies();
    host.faults.service = (action, name) => action === "start" && name === "openvpn-server@overlay";
    await expect(commit(overlay)).rejects.toThrow("frankfurt.example.net is as it was before");
    expect(host.bodies()).toEqual(before);
    expect([...host.running.keys()]).toEqual(["bird"]);
  });

  test("removes what a client had that is no longer in", async () => {
    await deploy(overlay);
    expect(await host.read(`${clients}/host2`)).not.toBeNull();
    await deploy(clusterOf([`    - { name: host2, address: [10.100.200.2, "fd00:100::c8:2"] }\n`, ""]));
    expect(await host.read(`${clients}/host2`)).toBeNull();
  });

  test("that a crash interrupted goes back: an engine that ran runs, with its file of before", async () => {
    await deploy(overlay);
    const before = await host.read(server);
    await commit(otherPort);
    expect((await readJournal(host))?.steps).toContainEqual({
      kind: "restart",
      service: "openvpn-server@overlay",
    });
    expect(await recover(host)).toBe(true);
    expect(await host.read(server)).toBe(before);
    expect(host.running.has("openvpn-server@overlay")).toBe(true);
  });
});

test("'remove' ends OpenVPN and BIRD, and gives the machine back what it had", async () => {
  await host.services.start("bird");
  await deploy(overlay);
  expect((await lookAtRemoval(host))?.services).toEqual([
    { name: "openvpn-server@overlay-backbone0", resumes: false, disable: false },
    { name: "openvpn-server@overlay", resumes: false, disable: false },
    { name: "bird", resumes: true, disable: false },
  ]);
  expect(await remove(host)).toEqual([]);
  expect(await host.read("/etc/bird/bird.conf")).toBe("# Debian's own\n");
  expect(await host.read(server)).toBeNull();
  expect([...host.running.keys()]).toEqual(["bird"]);
});

test("'remove' takes the directory of clients' settings too, unless somebody has put something there", async () => {
  await deploy(overlay);
  const removed = vi.spyOn(host, "remove");
  expect(await remove(host)).toEqual([]);
  expect(removed).toHaveBeenCalledWith(clients);

  await deploy(overlay);
  host.put(`${clients}/own`, "# an operator's own\n");
  removed.mockClear();
  expect(await remove(host)).toEqual([]);
  expect(removed).not.toHaveBeenCalledWith(clients);
  expect(await host.list(clients)).toEqual(["own"]);
});
