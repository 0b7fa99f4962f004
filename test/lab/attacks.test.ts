import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { powerLoss } from "../../bench/blows.js";
import { watchFromClient } from "../../bench/client-watch.js";
import { strikeOnce } from "../../bench/failover.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { makeAuthority, withAuthority } from "../../src/pki/authority.js";
import { writeBundle } from "../../src/pki/bundle.js";
import { forgedBundle } from "../pki/site.js";
import { isThorough } from "../thorough.js";
import { agentMemory, attack } from "./attack.js";
import { Desk, withDesk } from "./desk.js";
import { calmLab, ownersOf, printAgentLogs } from "./promises.js";
import { ensureBuilt, example, labFor } from "./topology.js";

const topology = withDesk(example("pair", "lab-attacks"));
const { cluster } = topology;
const nodes = cluster.nodes.map(({ name }) => name);
/** MiB. */
const memoryBar = 150;
let lab: Lab;
let desk: Desk;
let scratch: string;

beforeAll(async () => {
  await ensureBuilt();
  scratch = await mkdtemp(join(tmpdir(), "holdfast-attacks-"));
  lab = await labFor(topology, { switches: 0 });
  desk = new Desk(lab);
  await desk.issue({ name: "anna", role: "operator" });
  await desk.issue({ name: "wall", role: "viewer" });
});
afterAll(async () => {
  await labDown(cluster.name);
  await rm(scratch, { recursive: true, force: true });
});

/** What each agent answers: its words, and the status. */
async function refusals(who: string | null, path: string, ...more: string[]) {
  const answers = await Promise.all(nodes.map((node) => desk.curl(node, who, path, ...more)));
  return answers.map(({ stdout }) => {
    const [body = "", status] = stdout.split(/\n(?=\d+$)/);
    return `${status} ${body.startsWith("{") ? JSON.parse(body).error : body}`;
  });
}

const both = (words: string) => [expect.stringContaining(words), expect.stringContaining(words)];
const json = ["--header", "content-type: application/json"];

test("whoever shows no certificate learns that the agent runs, and nothing else", async () => {
  expect(await refusals(null, "/healthz")).toEqual(both("200 the agent runs"));
  expect(await refusals(null, "/v1/state")).toEqual(
    both("401 show a certificate of the cluster lab-attacks"),
  );
  expect(await refusals(null, "/metrics")).toEqual(both("401 "));
});

test("a certificate of another authority is nobody's", async () => {
  const other = join(scratch, "other");
  await makeAuthority(other, cluster.name);
  await withAuthority(other, cluster.name, (authority) =>
    authority.issueBundle({ name: "eve", role: "operator" }),
  );
  await desk.bring(join(other, "eve"), "eve");
  // Her own authority did not sign the agent's certificate either: she must not look at that.
  expect(await refusals("eve", "/v1/state", "--insecure")).toEqual(
    both("401 the certificate is not accepted: it is not one of this cluster's authority"),
  );
});

test("a certificate that has expired is refused with the cure", async () => {
  const bundle = await forgedBundle(
    desk.authority,
    { cluster: cluster.name, role: "operator", name: "olga" },
    { now: new Date(Date.now() - 3 * 86_400_000), days: 1 },
  );
  await writeBundle(join(scratch, "olga"), bundle);
  await desk.bring(join(scratch, "olga"), "olga");
  expect(await refusals("olga", "/v1/state")).toEqual(
    both("401 the certificate is not accepted: it has expired"),
  );
});

test("a certificate of another cluster is refused, although the authority is the same", async () => {
  const bundle = await forgedBundle(desk.authority, { cluster: "elsewhere", role: "operator", name: "emil" });
  await writeBundle(join(scratch, "emil"), bundle);
  await desk.bring(join(scratch, "emil"), "emil");
  expect(await refusals("emil", "/v1/state")).toEqual(
    both("401 the certificate is for the cluster elsewhere"),
  );
});

test("whoever may look may not change, and whoever may change is no node", async () => {
  expect(await refusals("wall", "/v1/status")).toEqual(both("200 "));
  for (const path of ["/v1/plan", "/v1/applies", "/v1/confirm", "/v1/rollback", "/v1/switchover"])
    expect(await refusals("wall", path, ...json, "--data", "{}")).toEqual(
      both("403 wall is a viewer: this is for an operator"),
    );
  for (const path of ["/v1/peer/prepare", "/v1/peer/yield", "/v1/peer/take-over"])
    expect(await refusals("anna", path, ...json, "--data", "{}")).toEqual(
      both("403 anna is an operator: this is for a node"),
    );
});

test("what 'holdfast dashboard' prints signs a browser in at each node, once, and by the node's own names alone", async () => {
  await desk.write("/tmp/topology.yaml", topology.text);
  const ran = await desk.holdfast("dashboard", "-f", "/tmp/topology.yaml", "--as", "anna", "--json");
  const printed: { node: string; url: string; name: string }[] = JSON.parse(ran.stdout).nodes;
  expect(printed.map(({ node, name }) => `${node} ${name}`)).toEqual(nodes.map((node) => `${node} anna`));
  for (const { node, url } of printed) {
    const address = lab.machine(node).addresses.management?.[0];
    const [place, code] = url.split("/#code=");
    expect(place).toBe(`https://${address}:7443`);
    const ask = async (path: string, ...more: string[]) =>
      (await desk.curl(node, null, path, ...more)).stdout;
    const jar = `/tmp/jar-${node}`;
    const body = ["--header", `origin: https://${node}:7443`, "--data", JSON.stringify({ code })];
    const signIn = () => ask("/v1/session", "--cookie-jar", jar, ...json, ...body);
    expect(await signIn()).toMatch(/"name":"anna".*\n200$/s);
    const [, token] = /__Host-holdfast\t(\S+)/.exec((await desk.machine.exec(["cat", jar])).stdout) ?? [];
    // By the header itself: curl would keep a cookie to the name that another header gives.
    const cookie = ["--header", `cookie: __Host-holdfast=${token}`];
    for (const host of [`${node}:7443`, `${address}:7443`, "10.0.1.100", "localhost:9000"])
      expect(await ask("/v1/status", ...cookie, "--header", `host: ${host}`), host).toMatch(/\n200$/);
    const other = nodes.find((name) => name !== node);
    for (const host of ["evil.example", `${other}:7443`])
      expect(await ask("/v1/status", ...cookie, "--header", `host: ${host}`), host).toMatch(/\n421$/);
    expect(
      await ask(
        "/v1/pki/request",
        ...cookie,
        "--request",
        "POST",
        "--header",
        "origin: https://evil.example",
      ),
    ).toMatch(/\n403$/);
    expect(await signIn(), "a second time").toMatch(/\n403$/);
  }
});

test("plain HTTP gets no answer at all", async () => {
  for (const node of nodes) {
    const address = lab.machine(node).addresses.management?.[0];
    const { exitCode, stdout } = await desk.machine.exec([
      ...["curl", "--silent", "--max-time", "10", `http://${address}:7443/v1/state`],
    ]);
    expect({ exitCode: exitCode !== 0, stdout }).toEqual({ exitCode: true, stdout: "" });
  }
});

test("a body of 10 MB is refused, whoever sends it, and the agent does not grow by it", async () => {
  await desk.machine.exec(["truncate", "--size", "10M", "/tmp/large"]);
  const body = [...json, "--header", "expect:", "--data-binary", "@/tmp/large"];
  expect(await refusals("anna", "/v1/plan", ...body)).toEqual(both("413 the body is too large"));
  expect(await refusals("wall", "/v1/plan", ...body)).toEqual(both("403 "));
  for (let time = 0; time < 10; time++) await refusals("anna", "/v1/plan", ...body);
  for (const node of nodes) expect(await agentMemory(lab, node)).toBeLessThan(memoryBar);
});

test("a client that never ends its request is cut off", async () => {
  const address = lab.machine("lb-a").addresses.management?.[0];
  const began = performance.now();
  await desk.machine.exec([
    ...["sh", "-c"],
    `{ printf 'GET /v1/state HTTP/1.1\\r\\n'; for i in $(seq 60); do sleep 0.5; printf 'x: y\\r\\n'; done; } |
      timeout 40 openssl s_client -quiet -connect ${address}:7443 > /dev/null 2>&1`,
  ]);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test.runIf(isThorough)(
  "a flood on both agents moves nothing, costs no failover and leaves the agents small",
  {
    timeout: 300_000,
  },
  async ({ onTestFailed }) => {
    onTestFailed(() => printAgentLogs(lab));
    const signal = AbortSignal.timeout(280_000);
    const strike = async () => {
      const watch = await watchFromClient(lab);
      try {
        return (await strikeOnce({ lab, watch }, powerLoss, 3_000, signal)).cost;
      } finally {
        await watch.stop();
      }
    };
    const peace = await strike();
    const { active } = await calmLab(lab);
    const roles = await roleChanges();

    const memory = new Map(nodes.map((node) => [node, 0]));
    const sampling = setInterval(async () => {
      for (const node of nodes)
        memory.set(node, Math.max(memory.get(node) ?? 0, (await agentMemory(lab, node)) ?? 0));
    }, 500);
    onTestFinished(() => clearInterval(sampling));

    const attacking = await attack(lab, desk, { who: "wall", rate: 1_000, pests: true });
    const began = performance.now();
    onTestFinished(() => void attacking.stop().catch(() => undefined));
    // Whoever else asks meanwhile is answered, and not told to wait.
    for (const until = began + 10_000; performance.now() < until; await sleep(1_000))
      expect(await refusals("anna", "/v1/state")).toEqual(both("200 "));
    expect(await ownersOf(lab)).toEqual([active]);
    expect(await roleChanges()).toEqual(roles);
    const attacked = await strike();
    await sleep(Math.max(0, 25_000 - (performance.now() - began)));
    const answers = await attacking.stop();
    clearInterval(sampling);

    process.stderr.write(
      `power loss in peace ${peace.address.toFixed(0)} ms, attacked ${attacked.address.toFixed(0)} ms; memory ${JSON.stringify([...memory])}; ${JSON.stringify(answers)}\n`,
    );
    expect(attacked.address).toBeLessThan(2 * peace.address + 200);
    for (const largest of memory.values()) expect(largest).toBeLessThan(memoryBar);
    expect(answers.pests.begun).toBeGreaterThan(500);
    for (const counts of Object.values(answers.flood)) {
      expect(counts["429"]).toBeGreaterThan(5_000);
      // He too, as far as the machine has time for his looks: four at once, each as dear as it is.
      expect(counts["200"]).toBeGreaterThan(10);
    }
    // Everybody else is answered again at once, and nothing is wrong with either node.
    await calmLab(lab);
    await expect.poll(() => refusals("anna", "/readyz"), { timeout: 10_000 }).toEqual(both("200 ready"));
  },
);

/** How often each node's keepalived changed its role so far. */
const roleChanges = () =>
  Promise.all(
    nodes.map(async (node) => {
      const { stdout } = await lab.machine(node).exec(["cat", "/run/log/keepalived.log"]);
      return stdout.match(/Entering \w+ STATE/g)?.length ?? 0;
    }),
  );
