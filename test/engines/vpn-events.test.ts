import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kernelRoutesIn, listHostRoutes, routeChanges } from "../../src/vpn/host-routes.js";
import { type Sandbox, sandbox } from "./sandbox.js";
import { Observer, reached } from "./vpn-observer.js";
import { endClient, network, startClient, startServer } from "./vpn-rig.js";

const host1 = { "10.100.200.1/32": "host1", "10.100.210.0/24": "host1", "fd00:100::c8:1/128": "host1" };
/** A client that would end a snapshot if it could. */
const other = { "10.100.100.10/32": "END", "fd00:100:a::1000/128": "END" };
const patience = { timeout: 10_000, interval: 50 };

describe("who is connected, by what a real OpenVPN tells", () => {
  let machine: Sandbox;
  let observer: Observer;

  beforeAll(async () => {
    machine = await sandbox();
    observer = new Observer(machine);
    await network(machine);
    await observer.listen();
    startServer(machine);
    await vi.waitFor(() => observer.attach(), patience);
  });
  afterAll(async () => {
    await observer[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
  });

  /** Events alone lead there, snapshots alone, and both together; hooks said this meanwhile. */
  async function ends(truth: Record<string, string>, ...hooks: string[]): Promise<void> {
    await expect.poll(() => observer.hooks.filter(isPrompt), patience).toEqual(hooks);
    expect(reached(observer.byEvents)).toEqual(truth);
    await observer.count();
    expect(reached(observer.bySnapshots)).toEqual(truth);
    expect(reached(observer.together)).toEqual(truth);
    expect(observer.refused).toEqual([]);
    observer.hooks.length = 0;
  }
  /** Addresses are forgotten later, at no certain time. */
  const isPrompt = (hook: string) => !hook.startsWith("learn-address delete");
  const learned = (operation: string, name: string, ...addresses: string[]) =>
    addresses.map((address) => `learn-address ${operation} ${address} ${name}`);
  const addresses = ["10.100.200.1", "fd00:100::c8:1", "10.100.210.0/24"];

  test("a client connects: hooks tell first, then the management interface", async () => {
    startClient(machine, "host1", "192.0.2.1");
    await ends(host1, "client-connect host1", ...learned("add", "host1", ...addresses));
    await expect.poll(() => observer.management, patience).toEqual(["established host1"]);
  });

  test("another connects over IPv6, of whose port a snapshot does not tell", async () => {
    startClient(machine, "END", "2001:db8::1");
    const own = ["10.100.100.10", "fd00:100:a::1000"];
    await ends({ ...host1, ...other }, "client-connect END", ...learned("add", "END", ...own));
    const cids = [...observer.together.present.values()].map(({ cid }) => cid);
    expect(new Set(cids)).toEqual(new Set([0, 1]));
  });

  test("it says that it goes: that it went is told seconds later, and by the hook alone", async () => {
    await endClient(machine, "END", "TERM");
    await ends(host1, "client-disconnect END");
  });

  test("one is killed and comes back at once: its ghost goes first", async () => {
    await endClient(machine, "host1", "KILL");
    startClient(machine, "host1", "192.0.2.1");
    const again = learned("update", "host1", ...addresses);
    await ends(host1, "client-disconnect host1", "client-connect host1", ...again);
  });

  test("a ghost that is killed by its number stays until its time is over", async () => {
    await endClient(machine, "host1", "KILL");
    const [presence] = observer.together.present.values();
    expect(await observer.ask(`client-kill ${presence?.cid}`)).toEqual({
      lines: ["SUCCESS: client-kill command succeeded"],
    });
    expect(await observer.ask("client-kill 99")).toEqual({ error: "client-kill command failed" });
    await ends(host1);
    await ends({}, "client-disconnect host1");
  });

  test("what an event told wrongly is mended by the next snapshot", async () => {
    const session = { name: "lost", since: 1, from: "192.0.2.9:1" };
    const login = { session, destinations: ["10.100.200.9/32"] };
    observer.together.hear({ kind: "connect", login });
    await observer.count();
    expect(reached(observer.together)).toEqual({});
  });

  test("the kernel's routes become the wanted ones, and a foreign one stays", async () => {
    const present = async () => {
      const lists = [4, 6] as const;
      const routes = lists.map(async (family) => {
        const listed = kernelRoutesIn(await machine.must("ip", ...listHostRoutes(family)), family);
        if ("refused" in listed) throw new Error(listed.refused);
        return listed.value;
      });
      return (await Promise.all(routes)).flat();
    };
    const settle = async (...wanted: { destination: string; device: string }[]) => {
      const stdin = routeChanges(wanted, await present())
        .map((words) => `${words.join(" ")}\n`)
        .join("");
      return machine.run(["ip", "-force", "-batch", "-"], { stdin });
    };
    const to = (destination: string, device = "tun0") => ({ destination, device });
    await machine.must("ip", "route", "add", "10.100.200.7/32", "dev", "br0");
    await machine.must("ip", "route", "add", "blackhole", "10.100.200.8/32", "proto", "111");
    const routes = Object.keys(host1).map((destination) => to(destination));
    expect((await settle(...routes)).exitCode).toBe(0);
    expect(await present()).toHaveLength(3);
    const moved = [to("10.100.200.1/32", "br0"), to("10.100.200.7/32"), to("fd00:100::c8:1/128", "br0")];
    expect((await settle(...moved)).stderr).toContain("File exists");
    const devices = (await present()).map(({ destination, device }) => `${destination} ${device}`);
    expect(devices).toEqual(["10.100.200.1/32 br0", "fd00:100::c8:1/128 br0"]);
    expect(await machine.must("ip", "route", "show", "10.100.200.7")).toBe(
      "10.100.200.7 dev br0 scope link \n",
    );
    await settle();
    expect(await present()).toEqual([]);
  });
});
