import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { program } from "../../src/lab/program.js";
import { labStatus } from "../../src/lab/status.js";
import { type Progress, stages } from "../../src/lab/up.js";
import { ensureBuilt, example, labFor } from "./topology.js";

const connect = (address: string, port: number) => [
  "/usr/bin/python3",
  "-B",
  program.connect,
  address,
  String(port),
];

beforeAll(ensureBuilt);

test("a pair comes up whole: one active node, switches connected, hosts that reach each other", async () => {
  const topology = example("pair", "lab-t1-pair");
  const { cluster } = topology;
  const seen: Progress[] = [];
  try {
    await labFor(topology, { switches: 2, progress: (event) => seen.push(event) });
    expect(seen.filter(({ state }) => state === "done").map(({ stage }) => stage)).toEqual(
      stages.filter((stage) => stage !== "vpn"),
    );
    const node = labStatus(cluster.name)?.find(({ name }) => name === "lb-a");
    expect(node?.daemons).toEqual(["keepalived", "haproxy", "conntrackd", "holdfast-agent"]);
  } finally {
    await labDown(cluster.name);
  }
});

describe("switches behind a router, configured with a controller's own address", () => {
  const topology = example("campus-routed", "lab-t1-routed");
  const { cluster } = topology;
  let lab: Lab;
  beforeAll(async () => {
    lab = await labFor(topology, { switches: 2 });
  });
  afterAll(() => labDown(cluster.name));

  /** Source addresses of what arrives at switch-1 while `work` runs. */
  async function sourcesSeen(filter: string[], work: () => Promise<unknown>): Promise<Set<string>> {
    const own = lab.machine("switch-1").addresses["192.168.10.0/24"]?.[0] ?? "";
    const capture = await lab
      .machine("switch-1")
      .spawn([
        "tcpdump",
        "-l",
        "-nn",
        "-i",
        "eth1",
        "--immediate-mode",
        "dst",
        "host",
        own,
        "and",
        "tcp",
        ...filter,
      ]);
    const sources = new Set<string>();
    const first = new Promise<void>((resolve) =>
      capture.onLine((line) => {
        const source = / IP ([0-9.]+)\.[0-9]+ > /.exec(line)?.[1];
        if (source !== undefined) sources.add(source);
        resolve();
      }),
    );
    const again = setInterval(() => void work().catch(() => undefined), 500);
    await first;
    clearInterval(again);
    await capture.stop("SIGINT");
    return sources;
  }

  test("a session that the switch starts is answered from that address only", async () => {
    const sources = await sourcesSeen(["and", "src", "port", "6653"], () =>
      lab.machine("switch-1").exec(connect("10.0.2.10", 6653)),
    );
    expect([...sources]).toEqual(["10.0.2.10"]);
  });

  test("a session that a controller starts comes from that address too", async () => {
    const [address = ""] = lab.machine("switch-1").addresses["192.168.10.0/24"] ?? [];
    const sources = await sourcesSeen(["and", "dst", "port", "6640"], () =>
      lab.machine("c1").exec(connect(address, 6640)),
    );
    expect([...sources]).toEqual(["10.0.2.10"]);
  });

  test("the machine that has the address keeps it on its own network", async () => {
    const master = lab.machine("master");
    const [mac, neighbour] = await Promise.all([
      master.exec(["cat", "/sys/class/net/eth1/address"]),
      lab
        .machine("client-controllers")
        .exec(["arping", "-c", "3", "-w", "3", "-I", "eth1", "10.0.2.10"])
        .then(({ stdout }) =>
          [...stdout.matchAll(/\[([0-9A-F:]{17})\]/g)].map(([, found = ""]) => found.toLowerCase()),
        ),
    ]);
    expect(new Set(neighbour)).toEqual(new Set([mac.stdout.trim()]));
  });
});
