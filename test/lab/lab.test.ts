import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { openLab } from "../../src/lab/open.js";
import { labUp } from "../../src/lab/up.js";
import { ensureBuilt, example } from "./topology.js";
import { alive, processesOf, traces } from "./traces.js";

const plain = { mode: 0o644, user: "root", group: "root" };
const cluster = example("pair", "lab-t1").cluster;
const neighbour = example("pair", "lab-t1-b").cluster;

beforeAll(ensureBuilt);
afterAll(async () => {
  await labDown(cluster.name);
  await labDown(neighbour.name);
});

const reaches = async (lab: Lab, from: string, to: string): Promise<boolean> =>
  (await lab.machine(from).exec(["ping", "-c", "1", "-W", "3", to])).exitCode === 0;

const carrier = async (lab: Lab, machine: string, device: string): Promise<string> =>
  (await lab.machine(machine).exec(["cat", `/sys/class/net/${device}/carrier`])).stdout.trim();

test("a lab leaves nothing: no namespace, mount, link, process or file", async () => {
  const before = traces(cluster.name);
  await labUp(cluster, { switches: 2 });
  const processes = processesOf(cluster.name);
  expect(processes.length).toBeGreaterThan(20);
  expect(await labDown(cluster.name)).toBe(true);
  expect(alive(processes)).toEqual([]);
  expect(traces(cluster.name)).toEqual(before);
  expect(await labDown(cluster.name)).toBe(false);
});

test("an interrupted start leaves nothing", async () => {
  const before = traces(cluster.name);
  const abort = new AbortController();
  const interrupted = labUp(cluster, {
    switches: 0,
    signal: abort.signal,
    progress: ({ stage }) => stage === "machines" && abort.abort(new Error("enough")),
  });
  await expect(interrupted).rejects.toThrow("enough");
  expect(traces(cluster.name)).toEqual(before);
});

describe("two labs side by side", () => {
  let lab: Lab;
  beforeAll(async () => {
    [lab] = await Promise.all([labUp(cluster, { switches: 0 }), labUp(neighbour, { switches: 0 })]);
  });

  test("removing one whose name begins the other's leaves the other alone", async () => {
    await labDown(neighbour.name);
    await labUp(neighbour, { switches: 0 });
    const other = openLab(neighbour.name);
    await labDown(cluster.name);
    expect(await reaches(other, "lb-a", "lb-b")).toBe(true);
    lab = await labUp(cluster, { switches: 0 });
  });

  test("a node has the topology's own devices and addresses, and sees no others", async () => {
    const { stdout } = await lab.machine("lb-a").exec(["ls", "/sys/class/net"]);
    expect(stdout.split("\n").filter(Boolean)).toEqual(["eth1", "eth2", "eth3", "lo"]);
    expect(lab.machine("lb-a").addresses).toMatchObject({ switches: ["10.0.1.2"], management: ["10.0.9.2"] });
    expect(await reaches(lab, "client-switches", "lb-a")).toBe(true);
  });

  test("a node's files are its own, and survive a power loss that its processes do not", async () => {
    const node = lab.machine("lb-a");
    await node.host.swap(await node.host.stage("/etc/holdfast/kept", "kept", plain), "/etc/holdfast/kept");
    await node.host.swap(await node.host.stage("/run/lost", "lost", plain), "/run/lost");
    const sleeper = await node.spawn(["sleep", "60"]);
    const watcher = "ip -o monitor link | grep -q NO-CARRIER && touch /etc/holdfast/saw-it-come";
    await node.spawn(["sh", "-c", `setsid sh -c '${watcher}' < /dev/null > /dev/null 2>&1 &`]);
    expect(await lab.machine("lb-b").host.read("/etc/holdfast/kept")).toBeNull();
    await lab.faults.powerOff("lb-a");
    await sleeper.ended;
    await expect(node.exec(["true"])).rejects.toThrow("lb-a is off");
    await lab.faults.powerOff("lb-a");
    await lab.faults.powerOn("lb-a");
    await lab.faults.powerOn("lb-a");
    expect(await node.host.read("/etc/holdfast/kept")).toBe("kept");
    expect(await node.host.read("/run/lost")).toBeNull();
    expect(await node.host.read("/etc/holdfast/saw-it-come")).toBeNull();
    expect(await reaches(lab, "lb-b", "lb-a")).toBe(true);
  });

  test("on a dead path the carrier stays up and nothing passes; a link that is down has no carrier", async () => {
    await lab.faults.pathDead("lb-a", "switches");
    expect(await carrier(lab, "lb-a", "eth1")).toBe("1");
    expect(await reaches(lab, "client-switches", "10.0.1.2")).toBe(false);
    await lab.faults.pathAlive("lb-a", "switches");
    expect(await reaches(lab, "client-switches", "10.0.1.2")).toBe(true);
    await lab.faults.linkDown("lb-a", "switches");
    expect(await carrier(lab, "lb-a", "eth1")).toBe("0");
    await lab.faults.linkUp("lb-a", "switches");
    expect(await reaches(lab, "client-switches", "10.0.1.2")).toBe(true);
  });

  test("a killed controller stays dead until it is started", async () => {
    const listens = async () =>
      (await lab.machine("c1").exec(["ss", "--no-header", "-ltn", "sport", "=", "6653"])).stdout !== "";
    await expect.poll(listens, { timeout: 10_000 }).toBe(true);
    await lab.faults.signal("c1", "controller", "SIGKILL");
    await expect.poll(listens).toBe(false);
    await lab.faults.start("c1", "controller");
    await expect.poll(listens, { timeout: 10_000 }).toBe(true);
  });

  test("a machine or network that the lab does not have is refused with those that it has", async () => {
    expect(() => lab.machine("lb-z")).toThrow(/no machine lb-z; there are: lb-a, lb-b, c1/);
    expect(() => lab.bridge("nowhere")).toThrow(/no network nowhere; there are: switches, controllers/);
    await expect(lab.faults.linkDown("c1", "switches")).rejects.toThrow("c1 has no link on switches");
    await expect(lab.faults.signal("c1", "ghost", "SIGKILL")).rejects.toThrow(
      /no daemon ghost; known: keepalived/,
    );
  });

  test("a process in the fabric sees every frame of a network", async () => {
    const capture = await lab.spawnInFabric([
      "tcpdump",
      "-l",
      "-c",
      "1",
      "-ni",
      lab.bridge("management"),
      "icmp",
    ]);
    const seen = new Promise<string>((resolve) => capture.onLine(resolve));
    await expect.poll(async () => reaches(lab, "lb-a", "10.0.9.3")).toBe(true);
    const timer = setInterval(() => void reaches(lab, "lb-a", "10.0.9.3"), 200);
    expect(await seen).toMatch(/10\.0\.9\.2 > 10\.0\.9\.3: ICMP echo request/);
    clearInterval(timer);
    await capture.stop();
  });
});
