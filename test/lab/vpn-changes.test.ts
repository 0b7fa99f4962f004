import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome, Progress } from "../../src/api/progress.js";
import { agentsOfLab } from "../../src/cli/agents.js";
import { applyTopology, type WantedApply } from "../../src/cli/apply-topology.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { isThorough } from "../thorough.js";
import { edited, ensureBuilt, example, labFor, type Written } from "./topology.js";
import { mostLost, VpnSight } from "./vpn-sight.js";

const name = "lab-vpn-changes";
const first = edited(example("overlay", name), ["\nvpn:\n", "\nagent: { heal: restore }\n\nvpn:\n"]);
const servers = ["vpn-a", "vpn-b"] as const;
const service = "openvpn-server@overlay";
const conf = "/etc/openvpn/server/overlay.conf";

/** Generous: what is asked is whether, not when. */
const patience = { timeout: 30_000, interval: 200 };

let lab: Lab;
let sight: VpnSight;

beforeAll(async () => {
  ensureBuilt();
  lab = await labFor(first, { switches: 0 });
  sight = new VpnSight(lab);
});
afterAll(async () => void (await labDown(name)));

async function apply(
  { text }: Written,
  terms: Partial<WantedApply> = {},
): Promise<{ outcome: Outcome; told: Progress[] }> {
  const told: Progress[] = [];
  const outcome = await applyTopology(
    await agentsOfLab(lab),
    { topology: text, ...terms },
    (progress) => void told.push(progress),
    AbortSignal.timeout(60_000),
  );
  return { outcome, told };
}

/** All that a change may cost: every engine's process, and every file of OpenVPN's servers. */
const standing = () =>
  Promise.all(
    servers.map(async (server) => ({
      processes: await sight.processes(server),
      conf: await sight.file(server, conf),
    })),
  );
const connected = () => expect.poll(() => sight.reaches("host2", "10.100.200.1"), patience).toBe(true);
/** Both clients are known by their numbers. */
const known = () =>
  expect
    .poll(
      async () => (await Promise.all(servers.map((server) => sight.sessions(server)))).flat().join(),
      patience,
    )
    .toMatch(/^host\d \d+ \d+,host\d \d+ \d+$/);

const withClient = edited(first, [
  "\n    - { name: host2,",
  "\n    - { name: host3, address: 10.100.200.3 }\n    - { name: host2,",
]);
const moved = edited(withClient, ["clients: [10.100.100.0/24,", "clients: [10.100.110.0/24,"]);

describe("a change of VPN servers", { sequential: true }, () => {
  test("another client restarts nothing, and nobody is disconnected", async () => {
    await known();
    const before = await standing();
    const sessions = await Promise.all(servers.map((server) => sight.sessions(server)));
    const lost = await sight.lostWhile("host2", "10.100.200.1", async () => {
      expect((await apply(withClient)).outcome).toMatchObject({ outcome: "kept", trouble: [] });
    });
    expect(lost).toBeLessThanOrEqual(mostLost);
    expect(await standing()).toEqual(before);
    expect(await Promise.all(servers.map((server) => sight.sessions(server)))).toEqual(sessions);
    for (const server of servers)
      expect(await sight.file(server, "/etc/openvpn/holdfast-overlay-clients/host3")).toContain(
        "ifconfig-push 10.100.200.3 ",
      );
  });

  test("another range restarts that server's OpenVPN for clients alone, and those of the other stay", async () => {
    await known();
    const [a, b] = await standing();
    const there = (await sight.sessions("vpn-b")) ?? [];
    expect(there).toHaveLength(1);
    expect((await apply(moved)).outcome).toMatchObject({ outcome: "kept", trouble: [] });
    const [after, beside] = await standing();
    const changed = Object.keys(a?.processes ?? {}).filter(
      (each) => a?.processes[each] !== after?.processes[each],
    );
    expect(changed).toEqual([service]);
    expect(after?.conf).toContain("ifconfig 10.100.110.1 255.255.255.0");
    expect(beside).toEqual(b);
    await connected();
    expect(await sight.sessions("vpn-b")).toEqual(expect.arrayContaining(there));
  });

  const otherPort = edited(
    moved,
    ["      address: 203.0.113.10\n", "      address: 203.0.113.10\n      port: 1195\n"],
    ["      address: 198.51.100.20\n", "      address: 198.51.100.20\n      port: 1195\n"],
  );

  test("that OpenVPN refuses on one of them, for a certificate that is missing, changes neither", async () => {
    const before = await standing();
    const certificate = "/etc/openvpn/holdfast/server.crt";
    const { exec } = lab.machine("vpn-b");
    await exec(["mv", certificate, `${certificate}.away`]);
    const { outcome, told } = await apply(otherPort);
    await exec(["mv", `${certificate}.away`, certificate]);
    expect(outcome.outcome).toBe("undone");
    expect(JSON.stringify(told.find(({ kind }) => kind === "refused"))).toMatch(
      /"node":"vpn-b".*there is no file \/etc\/openvpn\/holdfast\/server\.crt, which `cert` names/,
    );
    expect(told.some(({ kind }) => kind === "committed")).toBe(false);
    expect(await standing()).toEqual(before);
    expect(await sight.reaches("host2", "10.100.200.1")).toBe(true);
  });

  test.runIf(isThorough)(
    "with which one of them does not come up goes back on both, also where it had restarted already",
    async () => {
      const before = await standing();
      const thief = await lab.machine("vpn-b").spawn([
        "/usr/bin/python3",
        "-c",
        `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 1195)); print("bound", flush=True); time.sleep(600)`,
      ]);
      try {
        await new Promise<void>((resolve) => thief.onLine(() => resolve()));
        const { outcome, told } = await apply(otherPort);
        expect(outcome.outcome).toBe("undone");
        expect(told.find(({ kind }) => kind === "failed")).toMatchObject({
          stage: "commit",
          node: "vpn-b",
          why: expect.stringContaining(`${service} does not stay up`),
        });
      } finally {
        await thief.stop();
      }
      expect((await standing()).map((server) => server.conf)).toEqual(before.map((server) => server.conf));
      await connected();
    },
  );

  test.runIf(isThorough)("on trial that nobody confirms goes back by itself", async () => {
    const before = (await standing()).map((server) => server.conf);
    const shared = edited(moved, ["\n  servers:\n", "\n  duplicate_cn: true\n  servers:\n"]);
    const { outcome } = await apply(shared, { confirmTimeout: 5_000 });
    expect(outcome.outcome).toBe("trial");
    expect(await sight.file("vpn-a", conf)).toContain("\nduplicate-cn\n");
    await expect.poll(async () => (await standing()).map((server) => server.conf), patience).toEqual(before);
    await connected();
  });
});

describe("somebody changes OpenVPN's file by hand", { sequential: true }, () => {
  const change = (from: string, to: string) =>
    lab.machine("vpn-a").exec(["sed", "-i", `s/^${from}$/${to}/`, conf]);

  test("and nobody has read it: the file is put back, and the process goes on", async () => {
    await known();
    const [before] = await standing();
    await change("verb 3", "verb 4");
    expect(await sight.file("vpn-a", conf)).toContain("\nverb 4\n");
    await expect.poll(() => sight.file("vpn-a", conf), patience).toBe(before?.conf);
    // A restart would come with the next step.
    await sleep(1_000);
    expect((await standing())[0]).toEqual(before);
  });

  test("and restarts OpenVPN with it: the file is put back, and OpenVPN restarts with the right one", async () => {
    const [before] = await standing();
    const { host, exec } = lab.machine("vpn-a");
    const listening = async (port: string) =>
      (await exec(["ss", "-H", "-l", "-u", "-n", "sport", "=", port])).stdout;
    // Quick as it is, it would put the file back before OpenVPN reads it.
    await lab.faults.signal("vpn-a", "holdfast-agent", "SIGSTOP");
    await change("lport 1194", "lport 1199");
    await host.services.restart(service);
    await expect.poll(() => listening("1199"), patience).toContain(":1199");
    const wrong = (await host.services.status(service)).pid;
    await lab.faults.signal("vpn-a", "holdfast-agent", "SIGCONT");
    expect(wrong).not.toBe(before?.processes[service]);
    await expect.poll(() => sight.file("vpn-a", conf), patience).toBe(before?.conf);
    await expect.poll(() => listening("1194"), patience).toContain(":1194");
    expect((await host.services.status(service)).pid).not.toBe(wrong);
    expect(await listening("1199")).toBe("");
    await connected();
  });
});
