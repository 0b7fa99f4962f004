import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Release } from "../../src/agent/release/release.js";
import { ReleaseWatch } from "../../src/agent/release/release-watch.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { some } from "../thorough.js";
import { boot } from "./boot.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { listening } from "./traffic.js";

// dual-stack.yaml with one node, whose rules and settings are loaded, and its switches. A listener stands in for HAProxy.
const cluster = exampleCluster("dual-stack");
const node = nodeNamed(cluster, "lb-a");
const [v4, v6] = ["10.20.1.100", "2001:db8:20:1::100"];
const port = 6653;

let lb: Sandbox;
let switches: Sandbox;

beforeAll(async () => {
  [lb, switches] = await Promise.all([sandbox(), sandbox()]);
  await plugIn(lb, node);
  await boot(lb, cluster, node);
  const device = node.interfaces.find(({ network }) => network === "access")?.device ?? "";
  await lb.must("ip", "addr", "add", `${v4}/24`, "dev", device);
  await lb.must("ip", "addr", "add", `${v6}/64`, "dev", device, "nodad");
  await connect(lb, device, switches, ["10.20.1.20/24", "2001:db8:20:1::20/64"]);
}, 60_000);

afterAll(async () => {
  for (const machine of [lb, switches]) await machine?.[Symbol.asyncDispose]();
});

/** Accepts and reads nothing, so that its kernel sends a reset, and keeps no socket, when it is killed. */
async function listen(address: string): Promise<() => Promise<void>> {
  const program = `
    require("node:net").createServer({ pauseOnConnect: true }, (socket) => socket.on("error", () => {}))
      .listen(${port}, "${address}")`;
  lb.start(process.execPath, "-e", program);
  await listening(lb, port, address);
  return async () => {
    const { stdout } = await lb.run(["ss", "-Hltnp", "sport", "=", `:${port}`]);
    const [, pid = ""] = /pid=(\d+)/.exec(stdout) ?? [];
    await lb.must("kill", "-KILL", pid);
  };
}

/** Opens sessions that send a byte each and are idle then; says how each of them ended: after so many seconds, or once all have. */
async function idleSessions(address: string, count: number, seconds: number): Promise<string[]> {
  const program = `
    const { connect } = require("node:net");
    const ends = Array.from({ length: ${count} }, () => "open");
    const say = () => { console.log(ends.join(" ")); process.exit(); };
    ends.forEach((_, index) => connect({ host: "${address}", port: ${port} })
      .on("connect", function () { this.write("x"); })
      .on("close", () => { if (ends[index] === "open") ends[index] = "closed"; if (!ends.includes("open")) say(); })
      .on("error", ({ code }) => { ends[index] = code; }));
    setTimeout(say, 1000 * ${seconds});`;
  return (await switches.must(process.execPath, "-e", program)).trim().split(" ");
}

const family = (address: string): string => (address.includes(":") ? "ipv6" : "ipv4");

async function established(address: string): Promise<string[]> {
  const filter = ["-f", family(address), "-p", "tcp", "--state", "ESTABLISHED", "--orig-dst", address];
  return (await lb.must("conntrack", "-L", ...filter)).split("\n").filter((line) => line !== "");
}

/** The node dies without a word: its sockets are gone, and its kernel's table stays, as another node's would be. */
async function dieSilently(kill: () => Promise<void>, address: string): Promise<void> {
  const tables = address.includes(":") ? "ip6tables" : "iptables";
  const rule = ["OUTPUT", "-p", "tcp", "--sport", String(port), "-j", "DROP"];
  await lb.must(tables, "-t", "raw", "-I", ...rule);
  await kill();
  await expect
    .poll(async () => (await lb.run(["ss", "-Htan", "sport", "=", `:${port}`])).stdout)
    .not.toContain(address);
  await lb.must(tables, "-t", "raw", "-D", ...rule);
}

async function released(): Promise<Release> {
  const failures: string[] = [];
  const done = new Promise<Release>((resolve) => {
    const watch = new ReleaseWatch(lb, cluster, {
      released: (_, release) => resolve(release),
      failed: (why) => failures.push(why),
    });
    watch.took("access");
  });
  const result = await done;
  expect(failures).toEqual([]);
  return result;
}

describe.each(some([v4, v6], 2))("idle sessions with a dead node, at %s", (address) => {
  test("are reset, and the table knows them no longer", async () => {
    const kill = await listen(address);
    const sessions = idleSessions(address, 50, 4);
    await expect.poll(async () => (await established(address)).length, { timeout: 10_000 }).toBe(50);
    await dieSilently(kill, address);
    expect((await established(address)).length).toBe(50);
    expect(await released()).toMatchObject({ found: 50, released: 50, beyond: 0 });
    expect(await established(address)).toEqual([]);
    expect(new Set(await sessions)).toEqual(new Set(["ECONNRESET"]));
  });

  test("are reset too when the table knows nothing but that they are", async () => {
    const kill = await listen(address);
    const sessions = idleSessions(address, 3, 4);
    await expect.poll(async () => (await established(address)).length, { timeout: 10_000 }).toBe(3);
    await dieSilently(kill, address);
    const ports = (await established(address)).map((line) => / sport=(\d+)/.exec(line)?.[1] ?? "");
    await lb.must("conntrack", "-D", "-f", family(address), "-p", "tcp", "--orig-dst", address);
    const client = address === v4 ? "10.20.1.20" : "2001:db8:20:1::20";
    for (const from of ports) {
      const way = ["-s", client, "-d", address, "-p", "tcp", "--sport", from, "--dport", String(port)];
      await lb.must(
        "conntrack",
        "-I",
        ...way,
        "--state",
        "ESTABLISHED",
        "--timeout",
        "600",
        "--status",
        "ASSURED,SEEN_REPLY",
      );
    }
    expect(await released()).toMatchObject({ found: 3, released: 3 });
    expect(new Set(await sessions)).toEqual(new Set(["ECONNRESET"]));
  });

  test("are left alone while a process here holds them", async () => {
    const kill = await listen(address);
    const sessions = idleSessions(address, 3, 4);
    await expect.poll(async () => (await established(address)).length, { timeout: 10_000 }).toBe(3);
    const watch = new ReleaseWatch(lb, cluster, {
      released: (_, release) => expect.fail(`${release.found} are called stale`),
      failed: (why) => expect.fail(why),
    });
    watch.took("access");
    expect(new Set(await sessions)).toEqual(new Set(["open"]));
    await kill();
  });
});
