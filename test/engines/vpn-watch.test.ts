import { setTimeout as pass } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { VpnReportWithRoutes } from "../../src/agent/vpn/vpn-report.js";
import { vpnPaths } from "../../src/render/vpn/places.js";
import { renderVpnServer } from "../../src/render/vpn/render-vpn.js";
import { vpnServerNamed } from "../../src/topology/vpn-select.js";
import { isThorough } from "../thorough.js";
import { vpnOf } from "../topology/vpn-networks.js";
import type { Sandbox } from "./sandbox.js";
import { logOf, Overlay, passwordFile } from "./vpn-overlay.js";
import { VpnWatches } from "./vpn-watches.js";

// A management interface of each kind, both families inside, a network behind a client.
const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/openvpn/a.sock, password_file: ${passwordFile} } }
  - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656, password_file: ${passwordFile} } }
  - { name: vpn-c, address: 203.0.113.30, clients: [10.100.102.0/24, "fd00:100::c:0:0/96"], backbone: 10.200.200.3, management: { port: 5656 } }
clients:
  - { name: host1, address: [10.100.200.1, "fd00:100::c8:1"], subnets: [10.100.210.0/24] }
  - { name: host2, address: [10.100.200.2, "fd00:100::c8:2"] }
`);
const patience = { timeout: 25_000, interval: 50 };

let overlay: Overlay;
let watches: VpnWatches;
let [a, b, c, host1, host2]: Sandbox[] = [];
const machine = (each: Sandbox | undefined): Sandbox => {
  if (each === undefined) throw new Error("not there yet");
  return each;
};
const servers = ["vpn-a", "vpn-b", "vpn-c"] as const;

beforeAll(async () => {
  watches = await VpnWatches.prepare(vpn);
  overlay = await Overlay.open(vpn);
  [a, b, c] = [await overlay.server("vpn-a"), await overlay.server("vpn-b"), await overlay.server("vpn-c")];
  for (const [index, each] of [a, b, c].entries()) watches.start(each, servers[index] ?? "");
  host1 = await overlay.client("host1", "203.0.113.101/24", "vpn-a");
  host2 = await overlay.client("host2", "203.0.113.102/24", "vpn-b");
}, 60_000);

afterAll(async () => {
  await overlay?.[Symbol.asyncDispose]();
  await watches?.[Symbol.asyncDispose]();
});

const own = ({ must }: Sandbox) => must("ip", "route", "show", "proto", "111");
const own6 = ({ must }: Sandbox) => must("ip", "-6", "route", "show", "proto", "111");
const carried = ({ must }: Sandbox) => must("ip", "route", "show", "proto", "bird");
const reaches = async (from: Sandbox, address: string) =>
  (await from.run(["ping", "-c", "1", "-W", "1", address])).exitCode;
/** The address of the server that a client logged in to last. */
const connectedTo = async ({ must }: Sandbox, name: string) =>
  [...(await must("cat", logOf(name))).matchAll(/Peer Connection Initiated with \[AF_INET\]([\d.]+):/g)].at(
    -1,
  )?.[1];
const addressesOf = ({ must }: Sandbox) => must("ip", "-oneline", "address", "show", "dev", "tun0");
const report = (each: Sandbox): Promise<VpnReportWithRoutes | null> => watches.report(each);
const events = async ({ run }: Sandbox) => (await run(["cat", "/run/events.log"])).stdout;
const isOnDevice = (address: string) => `${address} dev tun0 scope link`;

describe("clients of three servers", { sequential: true }, () => {
  test("reach each other by their fixed addresses of both families", async () => {
    const [one, two] = [machine(host1), machine(host2)];
    await expect.poll(() => reaches(one, "10.100.200.2"), patience).toBe(0);
    await expect.poll(() => reaches(two, "10.100.200.1"), patience).toBe(0);
    await expect.poll(() => reaches(one, "fd00:100::c8:2"), patience).toBe(0);
    expect(await own(machine(a))).toContain(isOnDevice("10.100.200.1"));
    expect(await own6(machine(a))).toContain("fd00:100::c8:1 dev tun0");
    expect(await own(machine(b))).not.toContain("10.100.200.1");
    await expect.poll(() => carried(machine(c)), patience).toContain("10.100.200.1 via 10.200.200.1 ");
  });

  test("are told of by each server, and so is the network behind one", async () => {
    await expect.poll(() => carried(machine(c)), patience).toContain("10.100.210.0/24 via 10.200.200.1 ");
    await expect
      .poll(
        async () =>
          (await report(machine(a)))?.routes
            ?.map(({ destination, origin }) => `${destination} ${origin}`)
            .sort(),
        patience,
      )
      .toEqual(
        [
          "10.100.101.0/24 vpn-b",
          "10.100.102.0/24 vpn-c",
          "10.100.200.1/32 vpn-a",
          "10.100.200.2/32 vpn-b",
          "10.100.210.0/24 vpn-a",
          "fd00:100::b:0:0/96 vpn-b",
          "fd00:100::c8:1/128 vpn-a",
          "fd00:100::c8:2/128 vpn-b",
          "fd00:100::c:0:0/96 vpn-c",
        ].sort(),
      );
    const { attached, counted, troubles, clients } = (await report(machine(b))) ?? {};
    expect({ attached, counted, troubles }).toEqual({ attached: true, counted: true, troubles: [] });
    expect(clients?.map(({ name, destination }) => `${destination} ${name}`).sort()).toEqual([
      "10.100.200.2/32 host2",
      "fd00:100::c8:2/128 host2",
    ]);
    await expect
      .poll(
        async () => (await report(machine(a)))?.peers.map(({ server, state }) => `${server} ${state}`),
        patience,
      )
      .toEqual(["vpn-b Established", "vpn-c Established"]);
  });

  test.runIf(isThorough)(
    "one that connects again each second moves its own routes elsewhere, no more often than at its server",
    async () => {
      const times = 8;
      const one = machine(host1);
      for (const each of [a, b, c]) {
        machine(each).start("sh", "-c", "ip monitor route > /run/churn");
        await machine(each).must("sh", "-c", "until test -e /run/churn; do sleep 0.05; done");
      }
      for (let time = 0; time < times; time++) {
        await overlay.disconnect(one, "host1", "TERM");
        await one.must("sh", "-c", "while test -e /run/host1.pid; do sleep 0.05; done");
        overlay.connect(one, "host1");
        await expect.poll(() => own(machine(a)), patience).toContain(isOnDevice("10.100.200.1"));
      }
      await expect.poll(() => reaches(machine(host2), "10.100.200.1"), patience).toBe(0);
      // What is under way arrives.
      await pass(1_000);
      const churn = async (each: Sandbox, protocol: string) =>
        (await each.must("cat", "/run/churn"))
          .split("\n")
          .filter((line) => line.includes(`proto ${protocol} `));
      const made = await churn(machine(a), "111");
      expect(made.length).toBeGreaterThanOrEqual(times);
      for (const other of [b, c]) {
        const followed = await churn(machine(other), "bird");
        expect(followed.length).toBeGreaterThan(0);
        expect(followed.length).toBeLessThanOrEqual(made.length);
        expect(
          followed.filter(
            (line) => !/ ?(10\.100\.200\.1|10\.100\.210\.0\/24|fd00:100::c8:1) (via|dev) /.test(line),
          ),
        ).toEqual([]);
      }
    },
  );

  test("one that comes to another server is there at once, its ghost ends, and only it moves", async () => {
    const one = machine(host1);
    await overlay.disconnect(one, "host1", "KILL");
    await overlay.prefer(one, "host1", "vpn-c");
    overlay.connect(one, "host1");
    await expect.poll(() => own(machine(c)), patience).toContain(isOnDevice("10.100.200.1"));
    await expect.poll(() => own(machine(a)), patience).toBe("");
    await expect.poll(() => own6(machine(a)), patience).toBe("");
    await expect.poll(() => reaches(machine(host2), "10.100.200.1"), patience).toBe(0);
    await expect.poll(() => carried(machine(b)), patience).toContain("10.100.200.1 via 10.200.200.3 ");
    await expect.poll(() => events(machine(a)), patience).toContain("client host1 is on another server now");
    await expect.poll(async () => (await report(machine(a)))?.clients, patience).toEqual([]);
    expect(await events(machine(c))).not.toContain("is ended");
  });

  test("a route that somebody removes, or adds with our number, is put right; a foreign one stays", async () => {
    const { must } = machine(c);
    await must("ip", "route", "add", "10.100.200.9/32", "dev", "tun0", "proto", "static");
    await must("ip", "route", "add", "10.100.200.8/32", "dev", "tun0", "proto", "111");
    await must("ip", "route", "del", "10.100.200.1/32", "dev", "tun0", "proto", "111");
    await expect.poll(() => own(machine(c)), patience).toContain(isOnDevice("10.100.200.1"));
    await expect.poll(() => own(machine(c)), patience).not.toContain("10.100.200.8");
    expect(await must("ip", "route", "show", "proto", "static")).toContain("10.100.200.9");
    await must("ip", "route", "del", "10.100.200.9/32");
  });

  test("an agent that is killed takes nothing with it, and changes nothing as it returns", async () => {
    const { must, start } = machine(c);
    const before = await own(machine(c));
    start("sh", "-c", "ip monitor route > /run/monitor");
    await must("sh", "-c", "until test -e /run/monitor; do sleep 0.05; done; rm -f /run/report.json");
    await watches.kill(machine(c));
    await pass(1_000);
    expect(await own(machine(c))).toBe(before);
    expect(await reaches(machine(host2), "10.100.200.1")).toBe(0);
    watches.start(machine(c), "vpn-c");
    await expect.poll(async () => (await report(machine(c)))?.counted, patience).toBe(true);
    await pass(2_500);
    expect(await must("cat", "/run/monitor")).not.toMatch(/proto 111|10\.100\.200\.1 /);
    expect(await own(machine(c))).toBe(before);
    expect(await events(machine(b))).not.toContain("is ended");
  });

  test("another topology with the same server changes nothing of what its clients have", async () => {
    const { must } = machine(c);
    await must("sh", "-c", ": > /run/monitor");
    const host3 = {
      name: "host3",
      addresses: [{ family: 4 as const, address: "10.100.200.3" }],
      subnets: [],
    };
    await watches.follow({ ...vpn, clients: [...vpn.clients, host3] }, [machine(a), machine(b), machine(c)]);
    await expect.poll(async () => (await report(machine(c)))?.counted, patience).toBe(true);
    await pass(2_500);
    expect(await must("cat", "/run/monitor")).not.toMatch(/proto 111/);
    expect(await own(machine(c))).toContain(isOnDevice("10.100.200.1"));
    expect(await events(machine(b))).not.toContain("is ended");
    expect(await reaches(machine(host2), "10.100.200.1")).toBe(0);
  });

  test("while the agent is dead clients come and go, and routes follow when it is back", async () => {
    await watches.kill(machine(c));
    await overlay.disconnect(machine(host1), "host1", "TERM");
    await overlay.prefer(machine(host2), "host2", "vpn-c");
    await overlay.disconnect(machine(host2), "host2", "TERM");
    await expect.poll(() => own(machine(b)), patience).toBe("");
    overlay.connect(machine(host2), "host2");
    await expect.poll(() => connectedTo(machine(host2), "host2"), patience).toBe("203.0.113.30");
    expect(await own(machine(c))).toContain("10.100.200.1");
    watches.start(machine(c), "vpn-c");
    await expect.poll(() => own(machine(c)), patience).toContain(isOnDevice("10.100.200.2"));
    await expect.poll(() => own(machine(c)), patience).not.toContain("10.100.200.1");
    await overlay.prefer(machine(host1), "host1", "vpn-a");
    overlay.connect(machine(host1), "host1");
    await expect.poll(() => reaches(machine(host2), "10.100.200.1"), patience).toBe(0);
  });

  test("BIRD is killed: the server's own routes stay, and it hears of the others' when it is back", async () => {
    await overlay.kill(machine(c), "bird");
    await pass(500);
    expect(await own(machine(c))).toContain(isOnDevice("10.100.200.2"));
    overlay.start(machine(c), "vpn-c", "bird");
    await expect.poll(() => carried(machine(a)), patience).toContain("10.100.200.2 via 10.200.200.3 ");
    await expect.poll(() => reaches(machine(host1), "10.100.200.2"), patience).toBe(0);
    await expect.poll(() => reaches(machine(host2), "10.100.200.1"), patience).toBe(0);
  });

  test("OpenVPN is killed: its clients' routes go with it, and are there again wherever they come", async () => {
    await overlay.kill(machine(c), "openvpn");
    await expect.poll(() => carried(machine(a)), patience).not.toContain("10.100.200.2 ");
    await expect.poll(() => reaches(machine(host1), "10.100.200.2"), patience).toBe(0);
    await expect.poll(() => events(machine(c)), patience).toContain("OpenVPN does not run");
    overlay.start(machine(c), "vpn-c", "openvpn");
    await expect.poll(() => events(machine(c)), patience).toContain("OpenVPN runs again");
    await expect.poll(async () => (await report(machine(c)))?.attached, patience).toBe(true);
    expect(await own(machine(c))).toBe("");
    expect(await reaches(machine(host1), "10.100.200.2")).toBe(0);
  });

  test("a server that announces what it may not is refused, and told of", async () => {
    const files = renderVpnServer(vpn, vpnServerNamed(vpn, "vpn-b"));
    const { body = "" } = files.find(({ path }) => path === vpnPaths.bird) ?? {};
    const lies = `protocol static rogue { ipv4; route 0.0.0.0/0 via "tun0"; route 198.18.0.0/15 via "tun0"; }`;
    const rogue = `${body.replace("filter to_peers4 {", "filter to_peers4 { accept;")}\n${lies}\n`;
    await machine(b).install([{ path: vpnPaths.bird, mode: 0o640, body: rogue }]);
    await machine(b).must("birdc", "configure");
    const told = "vpn-b announces what it may not, which is refused: ";
    await expect.poll(() => events(machine(a)), patience).toContain(told);
    const said = (await events(machine(a))).split("\n").find((line) => line.includes(told)) ?? "";
    for (const lie of ["0.0.0.0/0", "198.18.0.0/15"]) expect(said).toContain(lie);
    expect(await machine(a).must("ip", "route", "show", "default")).toBe("");
    await machine(b).install([{ path: vpnPaths.bird, mode: 0o640, body }]);
    await machine(b).must("birdc", "configure");
    await expect.poll(() => events(machine(a)), patience).toContain("vpn-b announces nothing any more");
  });

  test("clients whose addresses another topology exchanges log in anew, and have the other's", async () => {
    const [first, second] = vpn.clients;
    if (first === undefined || second === undefined) throw new Error("two clients are needed");
    const exchanged = {
      ...vpn,
      clients: [
        { ...first, addresses: second.addresses },
        { ...second, addresses: first.addresses },
      ],
    };
    const all = [machine(a), machine(b), machine(c)];
    for (const [index, each] of all.entries()) {
      const files = renderVpnServer(exchanged, vpnServerNamed(exchanged, servers[index] ?? ""));
      await each.install(files.filter(({ path }) => path.startsWith(`${vpnPaths.clients(vpn.name)}/`)));
    }
    await watches.follow(exchanged, all);
    await expect.poll(() => addressesOf(machine(host1)), patience).toContain("10.100.200.2/16");
    await expect.poll(() => addressesOf(machine(host2)), patience).toContain("10.100.200.1/16");
    await expect.poll(() => reaches(machine(host1), "10.100.200.1"), patience).toBe(0);
    await expect.poll(() => reaches(machine(host2), "fd00:100::c8:2"), patience).toBe(0);
    const said = (await Promise.all(all.map(events))).join("");
    expect(said).toMatch(
      /client host1 has \S+, which the topology does not give it: its session here is ended/,
    );
  });
});
