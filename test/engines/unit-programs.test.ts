import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removalOf } from "../../src/agent/engines/orphans.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { repository } from "./deployment.js";
import { plugIn, type Sandbox, sandbox } from "./sandbox.js";

const program = (name: string): string => repository(`programs/${name}`);
const file = { mode: 0o644, owner: { user: "root", group: "root" }, engine: "agent" } as const;
const died = ["env", "SERVICE_RESULT=signal"];
const ended = ["env", "SERVICE_RESULT=success"];

async function example(name: string): Promise<Cluster> {
  const { cluster } = loadTopology(await readFile(repository(`examples/${name}.yaml`), "utf8"));
  if (cluster === null) throw new Error(`examples/${name}.yaml is not valid`);
  return cluster;
}

const nodeOf = ({ nodes: [node] }: Cluster): Node => {
  if (node === undefined) throw new Error("a cluster without nodes");
  return node;
};

/** A node on which a generation stands. */
async function node(machine: Sandbox, cluster: Cluster): Promise<void> {
  await machine.install(renderNode(cluster, nodeOf(cluster)).filter(({ path }) => path.startsWith("/etc")));
  await machine.must("mkdir", "-p", paths.runDir);
  await machine.install([{ ...file, path: paths.fault, body: "0\n" }]);
}

describe("what the engines' units run", () => {
  let machine: Sandbox;
  beforeEach(async () => {
    machine = await sandbox();
  });
  afterEach(() => machine[Symbol.asyncDispose]());

  /** An agent as the programs see it: it answers, hangs with its socket open, or is dead. */
  const agent = async (state: "answers" | "hangs" | "is dead") => {
    if (state === "is dead") return;
    const body = [
      "import socket, time",
      "s = socket.socket(socket.AF_UNIX)",
      `s.bind("${paths.agentSocket}")`,
      "s.listen(8)",
      "while True:",
      state === "hangs"
        ? "  time.sleep(60)"
        : "  c = s.accept()[0]; c.recv(99); c.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n'); c.close()",
    ].join("\n");
    machine.start("/usr/bin/python3", "-c", body);
    // One that hangs is asked for, and does not answer.
    const asked = async () => (await machine.run(["perl", program("agent-lives.pl")])).exitCode;
    const connects = async () => (await machine.run(["test", "-S", paths.agentSocket])).exitCode;
    await expect.poll(state === "answers" ? asked : connects, { timeout: 5_000 }).toBe(0);
    if (state === "hangs") expect(await asked()).toBe(1);
  };
  const runs = (...argv: string[]) => machine.must(...argv);
  const fault = () => machine.must("cat", paths.fault);
  const marked = async () => (await machine.run(["test", "-e", paths.haproxyDied])).exitCode === 0;

  it.each(["is dead", "hangs"] as const)(
    "a HAProxy that died while the agent %s makes the node yield, until it is back",
    async (state) => {
      await node(machine, await example("pair"));
      await agent(state);
      await runs(...died, program("haproxy-went.sh"));
      expect(await fault()).toBe("1\n");
      await runs(program("agent-went.sh"));
      expect(await fault()).toBe("1\n");
      await runs(program("haproxy-came.sh"));
      expect(await fault()).toBe("0\n");
      expect(await marked()).toBe(false);
    },
  );

  it("a HAProxy that was told to end moves nothing", async () => {
    await node(machine, await example("pair"));
    await runs(...ended, program("haproxy-went.sh"));
    expect([await fault(), await marked()]).toEqual(["0\n", false]);
  });

  it("a living agent has the say, of a HAProxy that goes and of one that comes", async () => {
    await node(machine, await example("pair"));
    await agent("answers");
    await runs(...died, program("haproxy-went.sh"));
    expect([await fault(), await marked()]).toEqual(["0\n", true]);
    await machine.install([{ ...file, path: paths.fault, body: "1\n" }]);
    await runs(program("haproxy-came.sh"));
    expect([await fault(), await marked()]).toEqual(["1\n", false]);
  });

  it("the fault of an agent that ends goes with it", async () => {
    await node(machine, await example("pair"));
    await machine.install([{ ...file, path: paths.fault, body: "1\n" }]);
    await runs(program("agent-went.sh"));
    expect(await fault()).toBe("0\n");
  });

  it("the track file is written over, not made anew: keepalived never reads an empty one", async () => {
    await node(machine, await example("pair"));
    const inode = () => machine.must("stat", "--format=%i", paths.fault);
    const before = await inode();
    await runs(...died, program("haproxy-went.sh"));
    expect(await inode()).toBe(before);
  });

  it("somebody else's HAProxy, and one that only checks servers, may die as they like", async () => {
    await runs(...died, program("haproxy-went.sh"));
    expect((await machine.run(["ls", paths.runDir])).exitCode).not.toBe(0);
    const { services, ...pair } = await example("pair");
    await node(machine, { ...pair, services: services.map((one) => ({ ...one, mode: "nat" as const })) });
    await runs(...died, program("haproxy-went.sh"));
    expect([await fault(), await marked()]).toEqual(["0\n", false]);
  });

  it.each(["pair", "dual-stack"])("of a keepalived that ended no address of %s stays", async (name) => {
    const cluster = await example(name);
    await node(machine, cluster);
    await plugIn(machine, nodeOf(cluster));
    const addresses = removalOf(cluster, nodeOf(cluster));
    const added = addresses.replaceAll("address del", "address add");
    expect((await machine.run(["ip", "-batch", "-"], { stdin: added })).stderr).toBe("");
    const own = await machine.must("ip", "-brief", "address");
    await runs(program("keepalived-went.sh"));
    const left = await machine.must("ip", "-brief", "address");
    for (const line of addresses.trim().split("\n")) {
      const address = ` ${line.split(" ")[2]} `;
      expect(`${own} `.replaceAll("\n", " ")).toContain(address);
      expect(`${left} `.replaceAll("\n", " ")).not.toContain(address);
    }
    for (const { addresses: kept } of nodeOf(cluster).interfaces)
      for (const { address } of kept) expect(left).toContain(`${address}/`);
  });

  it("an engine starts as its distribution has it until a topology runs here", async () => {
    const start = () =>
      runs(
        program("start-engine.sh"),
        "printf",
        "ours:%s,",
        "a b",
        "--",
        "printf",
        "theirs:%s,",
        "--",
        "c  d",
      );
    expect(await start()).toBe("theirs:--,theirs:c  d,");
    await machine.install([{ ...file, path: paths.nodeJson, body: "{}" }]);
    expect(await start()).toBe("ours:a b,");
  });
});
