import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paths } from "../../src/render/paths.js";
import type { Cluster, Heal } from "../../src/topology/cluster.js";
import { exampleCluster } from "../render/examples.js";
import { isThorough, some } from "../thorough.js";
import { buildProgram, DriftRig } from "./drift-rig.js";

const healing = (heal: Heal): Cluster => {
  const cluster = exampleCluster("campus-routed");
  return { ...cluster, agent: { ...cluster.agent, heal } };
};

let program: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());

let rig: DriftRig;
afterEach(() => rig[Symbol.asyncDispose]());

const run =
  (...argv: string[]) =>
  () =>
    rig.box.must(...argv);
const haproxy = (command: string) => async () => {
  const answer = (await rig.host.ask(paths.haproxyAdmin, `${command}\n`)).trim();
  if (answer !== "") throw new Error(answer);
};
const rule6 = ["HOLDFAST-INPUT", "-s", "2001:db8::9/128", "-j", "ACCEPT"];
const rule = ["HOLDFAST-INPUT", "-s", "203.0.113.9/32", "-j", "ACCEPT"];

/** Each way to change a node by hand: what the watch calls it, a line of the diff, and how it is undone by hand. */
const changes = (): {
  readonly name: string;
  readonly what: string;
  readonly line: string;
  readonly change: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
}[] => [
  {
    name: "a file is edited in place",
    what: paths.haproxyCfg,
    line: "+global # mine",
    change: () => rig.edit(paths.haproxyCfg, "global", "global # mine"),
    undo: () => rig.edit(paths.haproxyCfg, "global # mine", "global"),
  },
  {
    name: "a file is replaced by another one",
    what: paths.keepalivedConf,
    line: "+# mine",
    change: run("sed", "-i", "$a # mine", paths.keepalivedConf),
    undo: run("sed", "-i", "$d", paths.keepalivedConf),
  },
  {
    name: "a file is opened to everybody",
    what: paths.rulesV4,
    line: "new mode 0666 root:root",
    change: run("chmod", "666", paths.rulesV4),
    undo: run("chmod", "640", paths.rulesV4),
  },
  {
    name: "a file is removed",
    what: paths.routes,
    line: "+++ /dev/null",
    change: run("mv", paths.routes, "/tmp/routes"),
    undo: run("mv", "/tmp/routes", paths.routes),
  },
  {
    name: "a file's whole directory is removed, and comes back",
    what: paths.haproxyCfg,
    line: "+++ /dev/null",
    change: run("mv", "/etc/haproxy", "/etc/haproxy.away"),
    undo: run("mv", "/etc/haproxy.away", "/etc/haproxy"),
  },
  {
    name: "a rule is added to a chain of ours",
    what: "IPv4",
    line: `+-A ${rule.join(" ")}`,
    change: run("iptables", "-A", ...rule),
    undo: run("iptables", "-D", ...rule),
  },
  {
    name: "the jump into a chain of ours is taken out",
    what: "IPv6",
    line: "--A INPUT -j HOLDFAST-INPUT",
    change: run("ip6tables", "-D", "INPUT", "-j", "HOLDFAST-INPUT"),
    undo: run("ip6tables", "-I", "INPUT", "-j", "HOLDFAST-INPUT"),
  },
  {
    name: "a kernel setting is changed",
    what: "net.ipv4.ip_forward",
    line: "+net.ipv4.ip_forward = 0",
    change: run("sysctl", "-w", "net.ipv4.ip_forward=0"),
    undo: run("sysctl", "-w", "net.ipv4.ip_forward=1"),
  },
  {
    name: "a route of ours is deleted",
    what: "192.168.10.0/24",
    line: "-192.168.10.0/24 via",
    change: run("ip", "route", "del", "192.168.10.0/24"),
    undo: run("ip", "-force", "-batch", paths.routes),
  },
  {
    name: "the way back of transparent sessions is taken away",
    what: "way back of transparent IPv4 sessions",
    line: "-way back of transparent IPv4 sessions",
    change: run("ip", "rule", "del", "priority", "72"),
    undo: run(
      "ip",
      "rule",
      "add",
      "fwmark",
      "0x48470000",
      "lookup",
      "72",
      "priority",
      "72",
      "protocol",
      "72",
    ),
  },
  {
    name: "a server is drained by hand",
    what: "openflow",
    line: "drain",
    change: haproxy("set server openflow/c1 state drain"),
    undo: haproxy("set server openflow/c1 state ready"),
  },
];

describe("with heal: report", () => {
  beforeEach(async () => {
    rig = await DriftRig.open(healing("report"), program.file);
  });

  test("whatever is changed by hand is told within two seconds with its diff, left alone, and forgotten once undone", async () => {
    expect((await rig.order("look")).items).toEqual([]);
    const took: [string, number, number][] = [];
    for (const { name, what, line, change, undo } of some(changes(), 2)) {
      const found = await rig.after(change, "found", what);
      expect(found.item.diff, name).toContain(line);
      expect((await rig.order("look")).items).toHaveLength(1);
      const gone = await rig.after(undo, "gone", what);
      took.push([name, Math.round(found.took), Math.round(gone.took)]);
    }

    for (const [name, found, gone] of took) expect(Math.max(found, gone), name).toBeLessThan(2_000);
    expect(rig.said.some(({ told }) => told === "restored")).toBe(false);
  });

  test.runIf(isThorough)(
    "a new generation is compared with at once, whoever put it in place, and its own rules are no drift",
    async () => {
      await rig.apply(healing("restore"), 2);
      const { item } = await rig.after(run("ip6tables", "-A", ...rule6), "restored", "IPv6");
      expect(item.diff).toContain(`+-A ${rule6.join(" ")}`);
      expect(
        rig.said.flatMap(({ told, items = [] }) => (told === "found" ? items : [])).map(({ what }) => what),
      ).toEqual(["IPv6"]);
    },
  );

  test.runIf(isThorough)(
    "others' rules, an apply's own work and a storm of changes are no drift; what is left of them is told once",
    async () => {
      await run("iptables", "-A", "INPUT", "-s", "203.0.113.9/32", "-j", "ACCEPT")();
      await rig.order("suspend");
      await run("sysctl", "-w", "net.ipv4.ip_forward=0")();
      await run("iptables", "-F", "HOLDFAST-INPUT")();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(rig.said.filter(({ told }) => told === "found")).toEqual([]);
      const { took } = await rig.after(() => rig.order("resume"), "found", "net.ipv4.ip_forward");
      expect(took).toBeLessThan(2_000);
      await rig.box.must("sh", "-c", `for i in $(seq 100); do iptables -A ${rule.join(" ")}; done`);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(rig.said.filter(({ told }) => told === "found").length).toBeLessThan(15);
      const items = (await rig.order("look")).items ?? [];
      expect(items.find(({ what }) => what === "IPv4")?.sentence).toMatch(
        /has 100 rules that nobody rendered/,
      );
    },
  );
});

describe("with heal: restore", () => {
  beforeEach(async () => {
    rig = await DriftRig.open(healing("restore"), program.file);
  });

  test("whatever is changed by hand is told and put back within two seconds", async () => {
    const took: [string, number][] = [];
    for (const { name, what, line, change } of changes()) {
      const begun = performance.now();
      const restored = await rig.after(change, "restored", what);
      expect(restored.item.diff, name).toContain(line);
      await rig.until(
        `${what} gone`,
        ({ told, items }) => told === "gone" && items?.[0]?.what === what,
        begun,
      );
      expect((await rig.order("look")).items, name).toEqual([]);
      took.push([name, Math.round(restored.took)]);
    }

    for (const [name, milliseconds] of took) expect(milliseconds, name).toBeLessThan(2_000);
    expect(rig.said.filter(({ told }) => told === "reloaded")).toEqual([]);
  });

  test.runIf(isThorough)("a fight with somebody else is given up after three times, and told", async () => {
    for (let round = 0; round < 3; round++)
      await rig.after(run("sysctl", "-w", "net.ipv4.ip_forward=0"), "restored", "net.ipv4.ip_forward");
    const { item } = await rig.after(
      run("sysctl", "-w", "net.ipv4.ip_forward=0"),
      "gave up",
      "net.ipv4.ip_forward",
    );
    expect(item.diff).toContain("+net.ipv4.ip_forward = 0");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await rig.box.must("sysctl", "-n", "net.ipv4.ip_forward")).trim()).toBe("0");
    expect(rig.said.filter(({ told }) => told === "gave up")).toHaveLength(1);
  });

  test("HAProxy is reloaded only when it had read the edited file", async () => {
    await rig.order("suspend");
    await rig.edit(paths.haproxyCfg, "\ndefaults", "\n# mine\ndefaults");
    const pid = ((await rig.host.read(paths.haproxyPid)) ?? "").trim();
    await rig.box.must("sleep", "2");
    await rig.box.must("kill", "-USR2", pid);
    await rig.box.must("sleep", "1");
    const { took } = await rig.after(() => rig.order("resume"), "restored", paths.haproxyCfg);
    expect(took).toBeLessThan(3_000);
    expect(rig.said.filter(({ told }) => told === "reloaded").map(({ name }) => name)).toEqual(["haproxy"]);
  });
});
