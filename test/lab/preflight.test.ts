import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { configureNodes, startAgents } from "../../src/cli/lab-up.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { labUp } from "../../src/lab/up.js";
import { isThorough } from "../thorough.js";
import { complaints, cureFile, finding, preflight } from "./preflight-rig.js";
import { ensureBuilt, example, type Written } from "./topology.js";

const directory = mkdtempSync(join(tmpdir(), "preflight-"));
const fileOf = ({ cluster }: Written): string => join(directory, `${cluster.name}.yaml`);
const pair = example("pair", "lab-preflight");
const routed = example("campus-routed", "lab-preflight-r");
const dual = example("dual-stack", "lab-preflight-d");
let lab: Lab;

beforeAll(() => {
  ensureBuilt();
  for (const topology of [pair, routed, dual]) writeFileSync(fileOf(topology), topology.text);
});
afterAll(async () => {
  for (const { cluster } of [pair, routed, dual]) await labDown(cluster.name);
  rmSync(directory, { recursive: true });
});

/** One more way in which something is found that others in this file are found, too: for `npm run soak`. */
const another = test.runIf(isThorough);

/** Undone behind each test, last first. */
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const back of undo.splice(0).reverse()) await back();
});

async function must(machine: string, ...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.machine(machine).exec(argv);
  if (exitCode !== 0) throw new Error(`${machine}: ${argv.join(" ")}: ${stderr}`);
  return stdout;
}

async function changed(machine: string, there: readonly string[], back: readonly string[]): Promise<void> {
  await must(machine, ...there);
  undo.push(() => must(machine, ...back));
}

async function running(machine: string, ...argv: string[]): Promise<LabProcess> {
  const process = await lab.machine(machine).spawn(argv);
  undo.push(() => process.stop());
  return process;
}

async function written(machine: string, path: string, body: string): Promise<void> {
  const { host } = lab.machine(machine);
  await host.swap(await host.stage(path, body, { mode: 0o644, user: "root", group: "root" }), path);
  undo.push(() => host.remove(path));
}

describe("a pair before its first apply", () => {
  beforeAll(async () => {
    lab = await labUp(pair.cluster, { switches: 0 });
    await startAgents(lab, AbortSignal.timeout(30_000));
  });

  test("nothing stands against a healthy one, and what cannot be told yet says when", async () => {
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual([]);
    expect(told.code).toBe(0);
    expect(told.nodes).toEqual([
      { node: "lb-a", active: false, answered: true },
      { node: "lb-b", active: false, answered: true },
    ]);
    expect(told.findings.filter(({ check }) => check === "protocol-112").map(({ status }) => status)).toEqual(
      Array(4).fill("ok"),
    );
    expect(finding(told, "lb-a neighbours unknown routes").cure).toMatch(/after the first apply/);
  });

  test("protocol 112 that one node's own packet filter drops is told from one that never arrives", async () => {
    const drop = (network: string) => ["INPUT", "-i", network, "-p", "112", "-j", "DROP"];
    await changed("lb-b", ["iptables", "-I", ...drop("eth1")], ["iptables", "-D", ...drop("eth1")]);
    const out = ["OUTPUT", "-o", "eth2", "-p", "112", "-j", "DROP"];
    await changed("lb-a", ["iptables", "-I", ...out], ["iptables", "-D", ...out]);
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual([
      "lb-b protocol-112 error controllers: from lb-a (10.0.2.2)",
      "lb-b protocol-112 error switches: from lb-a (10.0.1.2)",
    ]);
    const filtered = finding(told, "lb-b protocol-112 error switches");
    expect(filtered.text).toMatch(/reaches eth1 and is dropped by this node's own packet filter/);
    expect(filtered.cure).toContain("iptables -I INPUT -i eth1 -s 10.0.1.2 -p 112 -j ACCEPT");
    expect(finding(told, "lb-b protocol-112 error controllers").text).toMatch(/no packet .* comes from lb-a/);
    expect(told.code).toBe(1);
  });

  another("an MTU of 1400 on one device is seen, and that packets of the other's are lost", async () => {
    const mtu = (bytes: string) => ["ip", "link", "set", "eth1", "mtu", bytes];
    await changed("lb-b", mtu("1400"), mtu("1500"));
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual([
      "lb-a path error switches: lb-b (10.0.1.3)",
      "lb-b devices error switches",
    ]);
    expect(finding(told, "lb-b devices error").text).toMatch(/1400 here and 1500 on lb-a/);
  });

  another("somebody else's listener on a service's port is named", async () => {
    const serve = (port: string) =>
      `use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalPort => ${port}) or die; sleep 60`;
    await running("lb-a", "perl", "-e", serve("6653"));
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual(["lb-a ports error services"]);
    expect(finding(told, "lb-a ports error").text).toMatch(
      /^10\.0\.1\.100:6653 is already in use by perl \(process \d+\)$/,
    );
  });

  test("a stranger on a virtual IP is named by its link-layer address, and so is one on a node's own", async () => {
    const add = (address: string, device: string) => ["ip", "address", "add", address, "dev", device];
    const del = (address: string, device: string) => ["ip", "address", "delete", address, "dev", device];
    const stranger = (await must("client-switches", "cat", "/sys/class/net/eth1/address")).trim();
    for (const address of ["10.0.1.100/32", "10.0.1.3/32"])
      await changed("client-switches", add(address, "eth1"), del(address, "eth1"));
    const before = await must("c1", "ip", "neighbour", "show");
    const told = await preflight(fileOf(pair));
    const seen = told.findings.filter(({ check, status }) => check === "addresses" && status !== "ok");
    expect(seen.map(({ node, status, place }) => `${node} ${status} ${place}`).sort()).toEqual([
      "lb-a error switches: 10.0.1.100",
      "lb-b error switches: 10.0.1.100",
      "lb-b error switches: 10.0.1.3",
    ]);
    expect(seen.every(({ text }) => text.includes(stranger))).toBe(true);
    expect(finding(told, "lb-a addresses ok controllers").text).toMatch(/10\.0\.2\.1, 10\.0\.2\.2$/);
    // Nobody was told that a node has what it asked for.
    expect(before).not.toContain("10.0.2.1 ");
    expect(await must("c1", "ip", "neighbour", "show")).not.toContain("10.0.2.1 ");
  });

  another("a device that is missing its address, or its carrier, is named with what it has", async () => {
    const address = (verb: string) => ["ip", "address", verb, "10.0.2.3/24", "dev", "eth2"];
    await changed("lb-b", address("delete"), address("add"));
    await lab.faults.linkDown("lb-a", "switches");
    undo.push(() => lab.faults.linkUp("lb-a", "switches"));
    const told = await preflight(fileOf(pair));
    expect(finding(told, "lb-b devices error eth2").text).toMatch(
      /^its address 10\.0\.2\.3\/24 is not there, but fe80::/,
    );
    expect(finding(told, "lb-a devices error eth1").text).toMatch(/no carrier/);
  });

  another("systemd-networkd that would remove virtual IPs is told from one that keeps them", async () => {
    const index = (await must("lb-a", "cat", "/sys/class/net/eth1/ifindex")).trim();
    const file = "/etc/systemd/network/20-wired.network";
    const state = `ADMIN_STATE=configured\nNETWORK_FILE=${file}\nNETWORK_FILE_DROPINS=""\n`;
    await written("lb-a", `/run/systemd/netif/links/${index}`, state);
    await written("lb-a", file, "[Match]\nName=eth*\n\n[Network]\nAddress=10.0.1.2/24\n");
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual([
      `lb-a managers error eth1: ${file}`,
      "lb-a managers warning networkd.conf",
    ]);
    for (const one of ["lb-a managers error", "lb-a managers warning"]) {
      const { path, body } = cureFile(finding(told, one).cure);
      await written("lb-a", path, body);
    }
    const cured = await preflight(fileOf(pair));
    expect(complaints(cured)).toEqual([]);
    expect(finding(cured, "lb-a managers ok").text).toMatch(/manages eth1 and leaves foreign addresses/);
  });

  another(
    "nftables.service that flushes all rules at boot is found by its files, and is fine once cured",
    async () => {
      const units = "/etc/systemd/system";
      const unit = "[Service]\nExecStop=/usr/sbin/nft flush ruleset\n";
      for (const path of [`${units}/nftables.service`, `${units}/sysinit.target.wants/nftables.service`])
        await written("lb-a", path, unit);
      await written(
        "lb-a",
        "/etc/nftables.conf",
        "#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n}\n",
      );
      const told = await preflight(fileOf(pair));
      expect(complaints(told)).toEqual(["lb-a rule-writers error nftables: /etc/nftables.conf"]);
      const { path, body } = cureFile(
        finding(told, "lb-a rule-writers error").cure?.replace(/^.*?(?=write "\[)/, "") ?? null,
      );
      await written("lb-a", path, body);
      await written("lb-a", "/etc/nftables.conf", "table inet filter\ndelete table inet filter\n");
      expect(complaints(await preflight(fileOf(pair)))).toEqual([]);
    },
  );

  test("a node whose agent is dead is an error, and its silence on the wire is nobody's packet filter", async () => {
    await lab.faults.powerOff("lb-b");
    undo.push(() => lab.faults.powerOn("lb-b"));
    const began = performance.now();
    const told = await preflight(fileOf(pair));
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(told.nodes[1]).toEqual({ node: "lb-b", active: false, answered: false });
    expect(finding(told, "lb-b agents error").text).toMatch(/did not answer lb-a/);
    expect(finding(told, "lb-a protocol-112 unknown switches").text).toMatch(/did not take part/);
  });
});

/** The counters of keepalived's own statistics (keepalived(8), signal STATS), by their names, of all its instances. */
async function keepalivedStatistics(node: string): Promise<Map<string, number[]>> {
  const parent = (await must(node, "cat", "/run/keepalived.pid")).trim();
  const [child = ""] = (await must(node, "cat", `/proc/${parent}/task/${parent}/children`)).split(" ");
  const signal = (await must(node, "keepalived", "--signum=STATS")).trim();
  await must(node, "rm", "-f", "/tmp/keepalived.stats");
  await must(node, "kill", `-${signal}`, child);
  const read = async () => (await lab.machine(node).exec(["cat", "/tmp/keepalived.stats"])).stdout;
  await expect.poll(read).toMatch(/controllers[\s\S]*Priority Zero[\s\S]*Sent/);
  const counters = new Map<string, number[]>();
  for (const [, name = "", value] of (await read()).matchAll(/^\s+([A-Z][A-Za-z ]+): (\d+)$/gm))
    counters.set(name, [...(counters.get(name) ?? []), Number(value)]);
  return counters;
}

describe("a pair that runs", () => {
  beforeAll(async () => {
    lab = await labUp(pair.cluster, { switches: 0, configure: configureNodes(pair.text) });
  });

  test("nothing stands against a healthy one, and its keepalived does not notice being looked at", async () => {
    const owner = () => must("lb-a", "ip", "-o", "address", "show", "dev", "eth1");
    await expect.poll(owner).toContain("10.0.1.100");
    const before = [await keepalivedStatistics("lb-a"), await keepalivedStatistics("lb-b")];
    const told = [await preflight(fileOf(pair)), await preflight(fileOf(pair))];
    for (const one of told) {
      expect(complaints(one)).toEqual([]);
      expect(one.code).toBe(0);
      expect(one.nodes.map(({ active }) => active)).toEqual([true, false]);
    }
    const [last] = told;
    expect(
      last?.findings
        .filter(({ check, status }) => check === "neighbours" && status === "ok")
        .map(({ place }) => place),
    ).toEqual(["controllers: c1 (10.0.2.11)", "controllers: c2 (10.0.2.12)", "controllers: c3 (10.0.2.13)"]);
    const after = [await keepalivedStatistics("lb-a"), await keepalivedStatistics("lb-b")];
    for (const [index, node] of [...before.keys()].map((one) => [one, before[one]] as const))
      for (const [name, values] of node ?? [])
        if (name !== "Sent" && name !== "Received") expect(after[index]?.get(name), name).toEqual(values);
    // They are the counters of keepalived's own that count, and its adverts went on meanwhile.
    expect(before[0]?.get("Became master")).toEqual([1, 1]);
    expect(after[0]?.get("Sent")?.[0]).toBeGreaterThan(before[0]?.get("Sent")?.[0] ?? 0);
    expect(await owner()).toContain("10.0.1.100");
  });

  another(
    "a stranger's virtual router of the same id is an error, with its source, its interval and a free id",
    async () => {
      await written(
        "client-switches",
        "/etc/keepalived/stranger.conf",
        `vrrp_instance stranger {
    state BACKUP
    interface eth1
    virtual_router_id 51
    priority 7
    advert_int 1
    virtual_ipaddress {
        10.0.1.200/24
    }
}
vrrp_instance neighbourly {
    state BACKUP
    interface eth1
    virtual_router_id 53
    priority 8
    advert_int 1
    virtual_ipaddress {
        10.0.1.201/24
    }
}
`,
      );
      const conf = "/etc/keepalived/stranger.conf";
      await running("client-switches", "keepalived", "--dont-fork", "--log-console", "--use-file", conf);
      const address = () => must("client-switches", "ip", "-o", "address", "show", "dev", "eth1");
      await expect.poll(address, { timeout: 10_000 }).toMatch(/10\.0\.1\.20[01][\s\S]*10\.0\.1\.20[01]/);
      const told = await preflight(fileOf(pair));
      expect(complaints(told)).toEqual([
        "lb-a virtual-routers error switches",
        "lb-b virtual-routers error switches",
      ]);
      const { text, cure } = finding(told, "lb-b virtual-routers error");
      expect(text).toMatch(
        /virtual router 51 .* 10\.0\.1\.254 at .* \(VRRPv2, priority 7, every 1000 ms, 10\.0\.1\.200\)$/,
      );
      // 52 is the topology's own, 53 somebody else's.
      expect(cure).toMatch(/virtual_router_id; 54 was not heard/);
      expect(finding(told, "lb-b virtual-routers ok switches").text).toMatch(/advertises 53 /);
    },
  );

  another("a controller whose gateway is another is found from the wire, and told what to do", async () => {
    const route = (via: string) => ["ip", "route", "replace", "default", "via", via];
    await changed("c2", route("10.0.2.13"), route("10.0.2.1"));
    const told = await preflight(fileOf(pair));
    expect(complaints(told)).toEqual(["lb-a neighbours warning controllers: c2 (10.0.2.12)"]);
    const { cure } = finding(told, "lb-a neighbours warning");
    expect(cure).toBe("on c2 (10.0.2.12): ip route replace default via 10.0.2.1");
    expect(told.code).toBe(3);
  });

  another("a node asks for the whole cluster without a file, and a person reads a table", async () => {
    const program = join(process.cwd(), "dist/cli/main.js");
    const argv = [process.execPath, program, "preflight", "--here"];
    const { exitCode, stdout } = await lab.machine("lb-b").exec(argv, { timeout: 60_000 });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +lb-a +lb-b$/m);
    expect(stdout).toMatch(/^ {2}protocol-112 +ok +ok$/m);
    expect(stdout).toMatch(/^ {2}neighbours +ok +-$/m);
  });
});

describe("a pair behind a router", () => {
  beforeAll(async () => {
    await labDown(pair.cluster.name);
    lab = await labUp(routed.cluster, { switches: 0, configure: configureNodes(routed.text) });
  });

  another("the router's route to the captured address is seen to lead to the pair", async () => {
    const told = await preflight(fileOf(routed));
    expect(complaints(told)).toEqual([]);
    const router = told.findings.filter(({ place }) => place === "edge: router 10.0.1.1");
    expect(
      router.map(({ node, status, text }) => `${node} ${status} ${text.replace(/, at .*/, "")}`),
    ).toEqual([
      "lb-a ok answers",
      "lb-a ok sends packets for 10.0.2.10 through the cluster",
      "lb-b ok answers",
    ]);
  });

  test("one that has no such route, and a controller without a gateway, are errors: nat sessions need them", async () => {
    const route = (verb: string) => ["ip", "route", verb, "10.0.2.0/24", "via", "10.0.1.100"];
    await changed("router", route("delete"), route("add"));
    const gateway = (verb: string) => ["ip", "route", verb, "default", "via", "10.0.2.1"];
    await changed("c3", gateway("delete"), gateway("add"));
    const told = await preflight(fileOf(routed));
    expect(complaints(told)).toEqual([
      "lb-a neighbours error controllers: c3 (10.0.2.13)",
      "lb-a neighbours error edge: router 10.0.1.1",
    ]);
    expect(finding(told, "lb-a neighbours error edge").cure).toBe(
      "on router 10.0.1.1: ip route replace 10.0.2.10/32 via 10.0.1.100",
    );
  });

  another(
    "one that hands them to a node's own address instead of the virtual IP is found once that node is not active",
    async () => {
      const route = (via: string) => ["ip", "route", "replace", "10.0.2.0/24", "via", via];
      await changed("router", route("10.0.1.3"), route("10.0.1.100"));
      const told = await preflight(fileOf(routed));
      expect(complaints(told)).toEqual(["lb-a neighbours error edge: router 10.0.1.1"]);
    },
  );
});

describe.runIf(isThorough)("three nodes with both families", () => {
  beforeAll(async () => {
    await labDown(routed.cluster.name);
    lab = await labUp(dual.cluster, { switches: 0, configure: configureNodes(dual.text) });
  });

  another("nothing stands against healthy ones", async () => {
    const told = await preflight(fileOf(dual));
    expect(complaints(told)).toEqual([]);
    expect(told.code).toBe(0);
    expect(told.findings.some(({ check, text }) => check === "path" && text.includes("pass"))).toBe(true);
  });

  test("a stranger on a virtual IP of IPv6 is found by every node", async () => {
    const [virtual] = dual.cluster.virtualIps.flatMap(({ network, addresses }) =>
      addresses.filter(({ family }) => family === 6).map(({ address }) => ({ network, address })),
    );
    if (virtual === undefined) throw new Error("the example has none");
    const machine = `client-${virtual.network}`;
    const address = (verb: string) => {
      return [
        "ip",
        "address",
        verb,
        `${virtual.address}/128`,
        "dev",
        "eth1",
        ...(verb === "add" ? ["nodad"] : []),
      ];
    };
    await changed(machine, address("add"), address("delete"));
    const told = await preflight(fileOf(dual));
    const place = `${virtual.network}: ${virtual.address}`;
    expect(complaints(told).filter((one) => one.includes(" addresses "))).toEqual(
      dual.cluster.nodes.map(({ name }) => `${name} addresses error ${place}`),
    );
  });
});
