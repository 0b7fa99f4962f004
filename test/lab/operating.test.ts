import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event, RoleDetails } from "../../src/api/event.js";
import { AgentClient } from "../../src/fleet/client.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { few, isThorough } from "../thorough.js";
import { ownersWhile } from "./promises.js";
import { edited, ensureBuilt, example, labFor, type Written } from "./topology.js";

const topology = example("pair", "lab-operating");
const vip = "10.0.1.100";
const directory = mkdtempSync(join(tmpdir(), "operating-"));
const file = join(directory, "topology.yaml");
const save = ({ text }: Written) => writeFileSync(file, text);
let lab: Lab;

beforeAll(async () => {
  ensureBuilt();
  save(topology);
  lab = await labFor(topology, { switches: 0 });
});
afterAll(async () => {
  await labDown(topology.cluster.name);
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command as an operator types it, without a terminal. */
const holdfast = (command: string, ...argv: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const all = ["dist/cli/main.js", command, ...argv, "--file", file, "--lab"];
    const child = execFile("node", all, { timeout: 60_000 }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
    child.stdin?.end();
  });

const status = async (): Promise<ClusterStatus> => JSON.parse((await holdfast("status", "--json")).out);
const healthy = () =>
  expect.poll(async () => (await holdfast("status")).out, { timeout: 40_000 }).toMatch(/^\S+ +healthy/);
const active = async (): Promise<string> =>
  (await status()).nodes.find(({ role }) => role === "active")?.name ?? "nobody";
const other = (node: string): string => (node === "lb-a" ? "lb-b" : "lb-a");
const client = (node: string) => new AgentClient(node, { kind: "unix", path: lab.agentSocket(node) ?? "" });
const eventsOf = async (node: string, kind: Event["kind"]): Promise<Event[]> =>
  (await client(node).call("events", { query: { limit: 1000, last: "true" } })).events.filter(
    (event) => event.kind === kind,
  );
const run = async (machine: string, ...argv: string[]) => (await lab.machine(machine).exec(argv)).stdout;

/** The longest time without an answer that somebody on the switches' network sees at a thousand questions a second. */
async function gapAround(fault: () => Promise<unknown>): Promise<number> {
  const probe = await lab.machine("client-switches").spawn(["ping", "-D", "-n", "-i", "0.001", vip]);
  await sleep(500);
  await fault();
  await sleep(1_500);
  const stamps = [...(await probe.stop("SIGINT")).matchAll(/^\[(\d+\.\d+)\]/gm)].map(([, at]) => Number(at));
  return Math.max(...stamps.slice(1).map((at, index) => (at - (stamps[index] ?? at)) * 1_000));
}

describe("each failover is one event on the new active node, with its cause and a sum near the gap seen from outside", () => {
  const faults = [
    {
      fault: "power loss",
      cause: /lost power or every link \(\d adverts missed\)/,
      inject: (node: string) => lab.faults.powerOff(node),
      mend: (node: string) => lab.faults.powerOn(node),
    },
    {
      fault: "HAProxy killed",
      cause: /yields: haproxy-gone/,
      inject: (node: string) => lab.faults.signal(node, "haproxy", "SIGKILL"),
      mend: (node: string) => lab.faults.start(node, "haproxy"),
    },
    {
      fault: "keepalived killed",
      cause: /keepalived ended/,
      inject: (node: string) => lab.faults.signal(node, "keepalived", "SIGKILL"),
      mend: (node: string) => lab.faults.start(node, "keepalived"),
    },
    {
      fault: "link down",
      cause: /link to switches is down/,
      inject: (node: string) => lab.faults.linkDown(node, "switches"),
      mend: (node: string) => lab.faults.linkUp(node, "switches"),
    },
    {
      fault: "switchover",
      cause: /asked for by root/,
      inject: () => holdfast("switchover"),
      mend: async () => {},
    },
  ];
  const often = faults.filter(({ fault }) => ["power loss", "switchover"].includes(fault));

  test.each(few(faults, often))("$fault", async ({ fault, cause, inject, mend }) => {
    const from = await active();
    const to = other(from);
    const before = (await eventsOf(to, "role")).length;
    const gap = await gapAround(() => inject(from));
    await mend(from);
    await expect
      .poll(async () => (await eventsOf(to, "role")).length, { timeout: 8_000 })
      .toBeGreaterThan(before);
    const [event, ...more] = (await eventsOf(to, "role")).slice(before);
    const details = event?.details as unknown as RoleDetails;
    const sum = details.spans.reduce((total, { milliseconds }) => total + milliseconds, 0);
    console.log(`${fault}: outside ${gap.toFixed(0)} ms, explained ${sum.toFixed(0)} ms: ${event?.text}`);
    expect(more).toEqual([]);
    expect(event?.text).toMatch(new RegExp(`^${details.move} ${from} -> ${to}: `));
    expect(details.cause).toMatch(cause);
    expect(details.move).toBe(fault === "switchover" ? "switchover" : "failover");
    expect(details.evidence.length).toBeGreaterThan(0);
    expect(details.networks.map(({ network }) => network)).toEqual(["switches", "controllers"]);
    await healthy();
    const { out } = await holdfast("status");
    expect(out).toMatch(
      new RegExp(`controller-ip +${vip} +${to} +since .* \\(.*first answer after \\d+ ms\\)`),
    );
  });
});

test.runIf(isThorough)(
  "calibrate watches every node, loads the standby alone and moves nothing",
  async () => {
    const before = await active();
    const roles = async () =>
      (await Promise.all(["lb-a", "lb-b"].map((node) => eventsOf(node, "role")))).flat();
    const moves = (await roles()).length;
    const { code, out, err } = await holdfast("calibrate", "--seconds", "3", "--json");
    const { schema, cluster, seconds, nodes, present } = JSON.parse(out);
    expect({ schema, cluster, seconds }).toEqual({
      ...{ schema: "holdfast/calibrate/v1", cluster: topology.cluster.name, seconds: 3 },
    });
    expect(err).toContain(`${before}: it is active and is not loaded`);
    for (const { name, idle, loaded } of nodes) {
      expect(idle).toMatchObject({ node: name, load: false, active: name === before, ended: "in-full" });
      if (name === before) expect(loaded).toBeNull();
      else expect(loaded).toMatchObject({ node: name, load: true, active: false, ended: "in-full" });
    }
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual(["lb-a", "lb-b"]);
    // Nobody knows what the active node does under load.
    expect(present.holds).not.toBe(true);
    expect(code).toBe(3);
    expect(await active()).toBe(before);
    expect(await roles()).toHaveLength(moves);
  },
);

test("an agent that starts again, and an apply, tell of no move", async () => {
  const node = await active();
  const before = (await eventsOf(node, "role")).length;
  await lab.faults.signal(node, "holdfast-agent", "SIGKILL");
  await sleep(500);
  await lab.faults.start(node, "holdfast-agent");
  await healthy();
  await sleep(1_000);
  expect(await holdfast("apply", "--yes")).toMatchObject({ code: 0 });
  expect((await eventsOf(node, "role")).slice(before)).toEqual([]);
});

describe("two owners", () => {
  const twoOwnersTold = (before: number) =>
    expect
      .poll(
        async () =>
          (await Promise.all(["lb-a", "lb-b"].map((node) => eventsOf(node, "two-owners")))).map(
            ({ length }) => length > before,
          ),
        { timeout: 10_000, interval: 50 },
      )
      .toEqual([true, true]);
  const timesTold = async () =>
    Math.max(
      ...(await Promise.all(["lb-a", "lb-b"].map((node) => eventsOf(node, "two-owners")))).map(
        ({ length }) => length,
      ),
    );
  /** The winner has announced itself again: a client's next question reaches it. */
  const isFound = async () => {
    const winner = await active();
    const mac = (await run(winner, "cat", "/sys/class/net/eth1/address")).trim();
    expect(await run("client-switches", "ping", "-c", "1", "-W", "1", vip)).toMatch(/1 received/);
    expect(await run("client-switches", "ip", "neigh", "show", vip)).toContain(mac);
  };

  test.runIf(isThorough)(
    "whose own filters drop adverts are told on both, and the less preferred one leaves and stays away",
    async () => {
      const rule = ["INPUT", "-p", "vrrp", "-j", "DROP"];
      const before = await timesTold();
      for (const node of ["lb-a", "lb-b"]) await run(node, "iptables", "-I", ...rule);
      try {
        const since = performance.now();
        await twoOwnersTold(before);
        console.log(`two owners are told after ${(performance.now() - since).toFixed(0)} ms`);
        const left = expect.stringMatching(
          /lb-b +fault +yields: lb-a owns the virtual IPs too, and comes first/,
        );
        await expect
          .poll(() => holdfast("status"), { timeout: 10_000 })
          .toMatchObject({ code: 3, out: left });
        // tcpdump sees the adverts that the filter drops: whoever took its word would come back.
        expect(await ownersWhile(lab, 4_000)).toEqual(["lb-a"]);
        await isFound();
      } finally {
        for (const node of ["lb-a", "lb-b"]) await run(node, "iptables", "-D", ...rule);
      }
      await healthy();
      expect(await active()).toBe("lb-a");
    },
  );

  test("that hear nothing of each other are shown by status, and over when the paths are back", async () => {
    const nodes = ["lb-a", "lb-b"];
    await lab.faults.partition(nodes);
    try {
      const both = expect.stringMatching(/2 OWNERS: lb-a, lb-b/);
      await expect.poll(() => holdfast("status"), { timeout: 10_000 }).toMatchObject({ code: 3, out: both });
    } finally {
      await lab.faults.unite(nodes);
    }
    await healthy();
    await isFound();
  });
});

describe("what was changed by hand is told with a diff, and put back where the topology says so", () => {
  const shell = (text: string) => ["sh", "-c", text];
  const hands = [
    { what: "file", argv: shell("echo '# by hand' >> /etc/haproxy/haproxy.cfg") },
    { what: "rules", argv: ["iptables", "-t", "nat", "-F", "HOLDFAST-POSTROUTING"] },
    { what: "setting", argv: ["sysctl", "-w", "net.ipv4.ip_nonlocal_bind=0"] },
    {
      what: "pool",
      argv: shell(
        `python3 -c 'import socket
s = socket.socket(socket.AF_UNIX); s.connect("/run/haproxy/admin.sock")
s.send(b"set server openflow/c1 state drain\\n"); print(s.recv(99))'`,
      ),
    },
  ];

  test("reported", async () => {
    const node = await active();
    for (const { what, argv } of hands) {
      const before = (await eventsOf(node, "drift")).length;
      await lab.machine(node).exec(argv);
      const since = performance.now();
      await expect
        .poll(async () => (await eventsOf(node, "drift")).slice(before).map(({ details }) => details.kind), {
          timeout: 8_000,
          interval: 50,
        })
        .toContain(what);
      const event = (await eventsOf(node, "drift")).at(-1);
      console.log(`${what} after ${(performance.now() - since).toFixed(0)} ms: ${event?.text}`);
      expect(event?.details.diff).toMatch(/^[+-]/m);
    }
    const { items } = await client(node).call("drift", {});
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(hands.map(({ what }) => what)));
    expect((await holdfast("status")).code).toBe(3);
    expect((await status()).nodes.find(({ name }) => name === node)).toMatchObject({
      drift: true,
      drifts: expect.arrayContaining([expect.stringContaining("openflow/c1 drains")]),
    });
    expect((await holdfast("apply", "--yes")).code).toBe(0);
    await healthy();
  });

  test("put back", async () => {
    save(edited(topology, ["\nfailover:\n", "\nagent: { heal: restore }\n\nfailover:\n"]));
    expect((await holdfast("apply", "--yes")).code).toBe(0);
    const node = await active();
    for (const { argv } of hands) await lab.machine(node).exec(argv);
    await sleep(1_500);
    await healthy();
    expect(await run(node, "cat", "/etc/haproxy/haproxy.cfg")).not.toContain("by hand");
  });
});

test("a node that was off while a change was made catches up before it may be active", async () => {
  const preferred = "lb-a";
  if ((await active()) === preferred) await holdfast("switchover");
  await healthy();
  await lab.faults.powerOff(preferred);
  expect((await holdfast("status")).code).toBe(1);
  expect((await status()).nodes.find(({ name }) => name === preferred)).toMatchObject({ role: "down" });
  save(edited(topology, ["preempt: false", "preempt: true\n  preempt_delay: 0s"]));
  const refused = await holdfast("apply", "--yes");
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(preferred) });
  expect(await holdfast("apply", "--yes", "--without", preferred)).toMatchObject({ code: 0 });
  await lab.faults.powerOn(preferred);
  await expect.poll(active, { timeout: 30_000 }).toBe(preferred);
  await expect
    .poll(async () => (await eventsOf(preferred, "apply")).at(-1)?.text, { timeout: 10_000 })
    .toMatch(/^caught up to generation/);
  // Who is preferred takes over by the new generation alone: the old one has it wait.
  await expect
    .poll(async () => (await eventsOf(preferred, "role")).at(-1)?.text, { timeout: 8_000 })
    .toMatch(/^\w+ lb-b -> lb-a: this node is preferred/);
  await healthy();
  save(topology);
  expect((await holdfast("apply", "--yes")).code).toBe(0);
});

describe("state that a disk or a hand has damaged", () => {
  test("does not end the agents that start over it, and the next apply writes it anew", {
    timeout: 120_000,
  }, async () => {
    const { host } = lab.machine("lb-b");
    const started = await host.services.status("holdfast-agent");
    // What damages it comes between two runs of the agent: one that runs may write meanwhile.
    for (const node of ["lb-a", "lb-b"]) {
      await lab.machine(node).host.services.stop("holdfast-agent");
      await run(node, "sh", "-c", "echo '{' > /var/lib/holdfast/current/manifest.json");
    }
    await run("lb-b", "sh", "-c", "echo '{' > /etc/holdfast/node.json");
    for (const node of ["lb-a", "lb-b"]) await lab.machine(node).host.services.start("holdfast-agent");
    const damaged = async (node: string) => (await client(node).call("history", {})).damaged;
    for (const node of ["lb-a", "lb-b"])
      await expect.poll(() => damaged(node).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
    const { pid } = await host.services.status("holdfast-agent");
    expect(pid).not.toBe(started.pid);
    expect((await holdfast("history")).out).toMatch(
      /^! {7}generation \d+ is damaged: its manifest is not one$/m,
    );
    const { code, out, err } = await holdfast("apply", "--yes");
    expect(code, out + err).toBe(0);
    await healthy();
    expect((await host.services.status("holdfast-agent")).pid).toBe(pid);
  });
});
