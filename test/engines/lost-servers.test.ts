import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LostServersWatch } from "../../src/agent/lost-servers/lost-servers-watch.js";
import { bareAck } from "../../src/agent/release/segment.js";
import { sendPackets } from "../../src/agent/release/send-packets.js";
import type { ServerState } from "../../src/observe/state.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { boot } from "./boot.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { answer } from "./traffic.js";

// by-turns.yaml with one node, its switches and its controllers, which are alive all the time: they are only said to be dead.
const cluster = exampleCluster("by-turns");
const node = nodeNamed(cluster, "lb-a");
const { servers } = serviceNamed(cluster, "openflow");

let lb: Sandbox;
let switches: Sandbox;
let controllers: Sandbox;

beforeAll(async () => {
  [lb, switches, controllers] = await Promise.all([sandbox(), sandbox(), sandbox()]);
  await plugIn(lb, node);
  await boot(lb, cluster, node);
  await lb.must("ip", "addr", "add", "10.0.1.100/24", "dev", "eth1");
  await lb.must("ip", "addr", "add", "10.0.2.1/24", "dev", "eth2");
  await lb.must("ip", "addr", "add", "fd01::2/64", "dev", "eth1", "nodad");
  await connect(lb, "eth1", switches, ["10.0.1.20/24", "fd01::20/64"]);
  const addresses = servers.map(({ address }) => `${address}/24`);
  await connect(lb, "eth2", controllers, addresses);
  await controllers.must("ip", "route", "add", "default", "via", "10.0.2.1");
  await Promise.all(servers.map(({ address }) => answer(controllers, address, 6653)));
}, 60_000);

afterAll(async () => {
  for (const machine of [lb, switches, controllers]) await machine?.[Symbol.asyncDispose]();
});

const said = (...dead: readonly string[]): ServerState[] =>
  servers.map(({ name }) => {
    const refused = dead.includes(name);
    const status = refused ? "DOWN" : "UP";
    return { service: "openflow", name, up: !refused, status, sessions: 0, refused };
  });

/** Opens silent sessions, and says of each: its server, and what became of it until they are told to end. */
async function silentSessions(count: number, seconds: number): Promise<string[]> {
  const program = `
    const { connect } = require("node:net");
    const [count, seconds] = process.argv.slice(1).map(Number);
    const ends = Array.from({ length: count }, () => {
      const session = { server: "", end: "open" };
      connect({ host: "10.0.1.100", port: 6653 })
        .once("data", (data) => { session.server = String(data).split(" ")[0]; })
        .on("error", ({ code }) => { session.end = code; });
      return session;
    });
    setTimeout(() => {
      for (const { server, end } of ends) console.log(server + " " + end);
      process.exit();
    }, 1000 * seconds);`;
  const argv = [process.execPath, "-e", program, String(count), String(seconds)];
  return (await switches.must(...argv)).trim().split("\n");
}

const established = async (): Promise<number> =>
  (await lb.run(["conntrack", "-L", "-p", "tcp", "--orig-dst", "10.0.1.100"])).stdout
    .split("\n")
    .filter((line) => line.includes("ESTABLISHED")).length;

/** Established sessions that controllers hold, by their address. */
const holding = async (): Promise<Set<string>> =>
  new Set((await controllers.must("ss", "-Htn", "sport", "=", ":6653")).match(/10\.0\.2\.1\d(?=:6653)/g));

test("silent sessions of a dead server are reset at both ends, and nobody else's are", async () => {
  const failures: string[] = [];
  const ended: unknown[] = [];
  const watch = new LostServersWatch(lb, cluster, {
    carries: () => true,
    ended: (one) => ended.push(one),
    failed: (why) => failures.push(why),
  });
  watch.servers(said());
  const sessions = silentSessions(40, 4);
  await expect.poll(established, { timeout: 10_000 }).toBe(40);
  expect(await holding()).toEqual(new Set(["10.0.2.11", "10.0.2.12", "10.0.2.13"]));
  await sleep(5);
  watch.servers(said("big"));
  await watch.hold();
  expect(failures).toEqual([]);
  expect(ended).toEqual([{ service: "openflow", server: "big", why: "dead", sessions: 20, told: 20 }]);
  await expect.poll(holding).toEqual(new Set(["10.0.2.12", "10.0.2.13"]));
  const ends = (await sessions).toSorted();
  const of = (server: string, end: string) => ends.filter((one) => one === `${server} ${end}`).length;
  expect(of("10.0.2.11", "ECONNRESET")).toBe(20);
  expect(of("10.0.2.12", "open") + of("10.0.2.13", "open")).toBe(20);
});

describe("a composed packet", () => {
  test.each([
    ["10.0.1.100", "10.0.1.20"],
    ["fd01::100", "fd01::20"],
  ])("from %s arrives as it was made, and tcpdump finds nothing wrong with it", async (from, to) => {
    const capture = switches.run(
      [
        "tcpdump",
        "-nvvlXi",
        "eth0",
        "-c",
        "1",
        "--immediate-mode",
        "tcp and src port 6653 and dst port 4711",
      ],
      { timeout: 5_000 },
    );
    const packet = bareAck({ from: { address: from, port: 6653 }, to: { address: to, port: 4711 } }, 99_999);
    let seen = "";
    void capture.then(({ stdout }) => {
      seen = stdout;
    });
    while (seen === "") {
      // Until tcpdump looks; the switch's resets are none of what it looks for.
      expect(await sendPackets(lb, [packet], 1)).toBe(1);
      await sleep(50);
    }
    expect(seen).toContain("(correct)");
    expect(seen).not.toContain("bad");
    expect(seen).toContain("Flags [.], ");
    const hex = [...seen.matchAll(/^\t0x[0-9a-f]+: {2}((?:[0-9a-f]{2,4} ?)+)/gm)].map(
      ([, words = ""]) => words,
    );
    expect(hex.join("").replaceAll(" ", "")).toBe(packet.toString("hex"));
  });

  test("that no way leads to is not sent, and the others are", async () => {
    const to = (address: string) =>
      bareAck({ from: { address: "10.0.1.100", port: 1 }, to: { address, port: 2 } }, 0);
    expect(await sendPackets(lb, [to("203.0.113.1"), to("10.0.1.20")], 2)).toBe(1);
  });
});
