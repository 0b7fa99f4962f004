import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { helloFor } from "../../src/mirror/openflow/hello.js";
import type { MirrorReport } from "../../src/mirror/report.js";
import { doorIn, doorSeenByHaproxy, doorsOf } from "../../src/render/multiplexer-doors.js";
import { multiplexerJson } from "../../src/render/multiplexer-json.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { inline } from "../deploy/topologies.js";
import { type Sandbox, sandbox } from "./sandbox.js";
import { transpiled } from "./transpiled.js";

const hello = helloFor(4, 1).toString("hex");
const service = "openflow";
/** Ports at which HAProxy takes sessions: for a server as it is named from HAProxy's root, and as the machine names it. */
const front = { c1: 7_001, c2: 7_002, outside: 7_003 } as const;

let directory: string;
let program: string;
let machine: Sandbox;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-multiplexer-"));
  program = await transpiled("test/engines/multiplexer-child.ts", join(directory, "program"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  machine = await sandbox();
  await machine.must("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", paths.haproxyRoot);
  await machine.must("mkdir", "-p", paths.runDir);
  machine.start(process.execPath, "-e", controller, hello, "6653");
  await file(serves(1));
  await machine.install([{ path: "/run/haproxy.cfg", body: haproxyCfg, ...attributes }]);
  machine.start(...daemon());
  await expect.poll(stands("c1"), { timeout: 10_000 }).toBe(true);
  machine.start("haproxy", "-W", "-f", "/run/haproxy.cfg");
});
afterEach(() => machine[Symbol.asyncDispose]());

const attributes = { mode: 0o644, owner: { user: "root", group: "root" }, engine: "haproxy" } as const;

/** A controller that greets, and a switch that does and stays; both say in hexadecimal digits what they hear. */
const controller = `require("node:net").createServer((socket) => {
  socket.on("error", () => undefined).write(Buffer.from(process.argv[1], "hex"));
}).listen(Number(process.argv[2]), "127.0.0.1")`;
const client = `const [hello, localAddress, port] = process.argv.slice(1);
const socket = require("node:net").connect({ host: "127.0.0.1", port: Number(port), localAddress });
socket.on("data", (bytes) => process.stdout.write(bytes.toString("hex")));
socket.on("error", () => undefined).write(Buffer.from(hello, "hex"));
setTimeout(() => socket.destroy(), 500);`;

const haproxyCfg = `global
    chroot ${paths.haproxyRoot}
    user haproxy
    group haproxy

defaults
    mode tcp
    timeout connect 1s
    timeout client 1h
    timeout server 1h

${[
  [front.c1, doorSeenByHaproxy(service, "c1")],
  [front.c2, doorSeenByHaproxy(service, "c2")],
  [front.outside, doorIn(doorsOf(service), "c1")],
]
  .map(
    ([port, path]) => `listen at-${port}
    bind 127.0.0.1:${port}
    server s unix@${path} send-proxy-v2
`,
  )
  .join("\n")}`;

/** The pool's first controllers, all of them the one that is here. */
const serves = (servers: number): Cluster => ({
  ...inline(servers),
  services: inline(servers).services.map((own) => ({
    ...own,
    servers: own.servers.map((server) => ({ ...server, address: "127.0.0.1" })),
    mirror: own.mirror && { ...own.mirror, to: { ...own.mirror.to, address: "127.0.0.1", port: 6_654 } },
  })),
});

const file = (cluster: Cluster): Promise<void> =>
  machine.install([{ path: paths.multiplexerJson, body: multiplexerJson(cluster) ?? "", ...attributes }]);

/** With no more rights than its unit leaves it. */
const daemon = (): string[] => [
  ...["setpriv", "--bounding-set", "-all,+chown", "--no-new-privs"],
  ...[process.execPath, program],
];

const stands = (server: string) => async (): Promise<boolean> =>
  (await machine.run(["test", "-S", doorIn(doorsOf(service), server)])).exitCode === 0;

/** What a switch hears that connects to HAProxy, within half a second. */
const hears = (port: number) => async (): Promise<string> =>
  machine.must(process.execPath, "-e", client, hello, "127.0.0.7", String(port));

/** A switch that stays until the machine goes. */
const stays = (address: string, port: number): void =>
  machine.start(process.execPath, "-e", client.replace(/setTimeout.*/, ""), hello, address, String(port));

const pids = async (): Promise<string[]> =>
  (await machine.run(["pgrep", "-f", program])).stdout.trim().split("\n").filter(Boolean);

async function signal(name: string): Promise<void> {
  await machine.must("kill", "-s", name, ...(await pids()));
}

/** Clients whose sessions pass, without their ports. */
async function clients(): Promise<string[]> {
  const socket = connect(`/proc/${machine.pid}/root${paths.multiplexerSocket}`);
  for await (const line of createInterface({ input: socket })) {
    socket.destroy();
    const { services } = JSON.parse(line) as { services: MirrorReport[] };
    return services.flatMap(({ switches }) => switches.map((own) => own.client.split(" ")[0] ?? ""));
  }
  throw new Error("nothing was told");
}

const soon = { timeout: 10_000 };

test("HAProxy reaches a socket by its path below its root, and not by the one on the machine", async () => {
  await expect.poll(hears(front.c1), soon).toBe(hello);
  expect(await hears(front.outside)()).toBe("");
});

test("who a switch is comes through HAProxy", async () => {
  await expect.poll(hears(front.c1), soon).toBe(hello);
  stays("127.0.0.9", front.c1);
  await expect.poll(clients, soon).toEqual(["127.0.0.9"]);
});

test("SIGHUP brings a server more and takes it away again, and no other session ends", async () => {
  await expect.poll(hears(front.c1), soon).toBe(hello);
  stays("127.0.0.9", front.c1);
  await expect.poll(clients, soon).toEqual(["127.0.0.9"]);
  await file(serves(2));
  await signal("HUP");
  await expect.poll(hears(front.c2), soon).toBe(hello);
  stays("127.0.0.10", front.c2);
  await expect.poll(clients, soon).toEqual(["127.0.0.9", "127.0.0.10"]);
  await file(serves(1));
  await signal("HUP");
  await expect.poll(clients, soon).toEqual(["127.0.0.9"]);
  expect(await stands("c2")()).toBe(false);
});

test("SIGTERM ends it in good order", async () => {
  await expect.poll(hears(front.c1), soon).toBe(hello);
  stays("127.0.0.9", front.c1);
  await expect.poll(clients, soon).toEqual(["127.0.0.9"]);
  await signal("TERM");
  await expect.poll(pids, soon).toEqual([]);
  const left = await machine.must("find", paths.haproxyRoot, paths.runDir, "-type", "s");
  expect(left).toBe("");
});

test("the next one takes the place of one that was killed", async () => {
  await expect.poll(hears(front.c1), soon).toBe(hello);
  await signal("KILL");
  await expect.poll(pids, soon).toEqual([]);
  expect(await stands("c1")()).toBe(true);
  expect(await hears(front.c1)()).toBe("");
  machine.start(...daemon());
  await expect.poll(hears(front.c1), soon).toBe(hello);
});
