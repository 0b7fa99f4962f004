import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { Desk, withDesk } from "./desk.js";
import { calmLab } from "./promises.js";
import { scrapesOf, untoldBy } from "./scrapes.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

const topology = withDesk(example("pair", "lab-operator"));
const { cluster } = topology;
let lab: Lab;
let desk: Desk;

beforeAll(async () => {
  await ensureBuilt();
  lab = await labFor(topology, { switches: 0 });
  desk = new Desk(lab);
  await desk.bringAuthority();
  await desk.write("/tmp/topology.yaml", topology.text);
  for (const argv of [["anna"], ["ben"], ["wall", "--role", "viewer"]]) await works("pki", "issue", ...argv);
});
beforeEach(async () => void (await calmLab(lab)));
afterAll(async () => void (await labDown(cluster.name)));

/** What the program says there, with its exit code; the topology's file is one that is right. */
async function says(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await desk.holdfast(...argv, ...(argv.includes("-f") ? [] : file));
  return `${exitCode}\n${stdout}${stderr}`;
}
const file = ["-f", "/tmp/topology.yaml"];

async function works(...argv: string[]): Promise<string> {
  const said = await says(...argv);
  expect(said).toMatch(/^0\n/);
  return said.slice(2);
}

const leastconn = edited(topology, ["balance: source", "balance: leastconn"]).text;
const anna = ["--as", "anna"];

test("everything that an operator does works from a machine of the management network", async () => {
  await desk.write("/tmp/next.yaml", leastconn);
  const next = ["-f", "/tmp/next.yaml", ...anna];
  expect(await works("status", ...anna)).toContain("lab-operator   healthy   generation 1");
  expect(await says("plan", ...next)).toMatch(/^2\n[\s\S]*\+ {4}balance leastconn/);
  expect(await works("apply", ...next, "--yes", "--confirm-timeout", "60s", "-m", "least")).toContain(
    "Not confirmed: back in",
  );
  expect(await works("status", ...anna)).toContain("on trial by anna");
  expect(await works("confirm", ...anna)).toBe("Generation 2 is kept on lb-a and lb-b.\n");
  expect(await works("history", ...anna)).toMatch(/^\* +2 .* anna +least\n/);
  await calmLab(lab);
  expect(await works("switchover", ...anna)).toMatch(/^lb-[ab] -> lb-[ab] {3}gap \d+ ms/);
  await calmLab(lab);
  expect(await works("rollback", ...anna, "--yes")).toContain("Generation 3");
  expect(await works("maintenance", "on", "lb-b", ...anna)).toBe("lb-b is in maintenance.\n");
  expect(await says("status", ...anna)).toMatch(
    /^3\n.* degraded: lb-b in maintenance, nobody could take over/,
  );
  expect(await works("maintenance", "off", "lb-b", ...anna)).toBe("lb-b is back in service.\n");
  expect(await works("events", ...anna, "-n", "100")).toMatch(
    /switchover lb-[ab] -> lb-[ab]: asked for by anna/,
  );
  await calmLab(lab);
});

test("a viewer may look, and is told why nothing more", async () => {
  const wall = ["--as", "wall"];
  for (const look of ["status", "history", "events"]) await works(look, ...wall);
  for (const change of [
    ["plan"],
    ["apply", "--yes"],
    ["confirm"],
    ["switchover"],
    ["maintenance", "on", "lb-b"],
  ])
    expect(await says(...change, ...wall)).toMatch(
      /^1\nholdfast: lb-a: wall is a viewer: this is for an operator\n$/,
    );
});

test("a topology that is half edited still leads to the nodes, but is never applied", async () => {
  await desk.write("/tmp/half.yaml", topology.text.replace("balance: source", "balance:"));
  const half = ["-f", "/tmp/half.yaml", ...anna];
  const said = await says("status", ...half);
  expect(said).toContain("half.yaml has 1 error ('holdfast validate' shows where)");
  expect(said).toContain("lab-operator   healthy");
  expect(await says("apply", ...half, "--yes")).toMatch(
    /^1\n[\s\S]*half.yaml has 1 error; nothing was done\n$/,
  );
});

test("certificates that do not fit are told with their cure", async () => {
  expect(await says("status", "--pki", "/tmp/nothing")).toContain("make one with 'holdfast pki issue NAME'");
  expect(await says("status", "--as", "bob")).toContain(
    "no certificate of bob; it has those of anna, ben, wall",
  );
  expect(await says("status")).toContain("several certificates (anna, ben): choose with --as");
  const other = ["--pki", "/tmp/other"];
  for (const argv of [["init"], ["issue", "eve"]]) await works("pki", ...argv, ...other);
  expect(await says("status", ...other)).toContain("have different authorities: choose with --pki");
  await desk.write("/tmp/else.yaml", topology.text.replace("cluster: lab-operator", "cluster: elsewhere"));
  expect(await says("status", "-f", "/tmp/else.yaml", ...anna)).toContain(
    "is for the cluster lab-operator, and the topology is of elsewhere",
  );
});

test("a node's certificate is renewed while an apply runs, and neither notices", async () => {
  await desk.write("/tmp/next.yaml", leastconn);
  const applying = says("apply", "-f", "/tmp/next.yaml", ...anna, "--yes");
  await sleep(700);
  const rotated = await works("pki", "rotate", "lb-a", ...anna);
  expect(rotated).toContain("lb-a has a new key");
  expect(await applying).toMatch(/^0\n[\s\S]*runs on lb-a and lb-b\.\n$/);
  await works("pki", "rotate", "lb-b", ...anna);
  await works("pki", "revoke", "lb-a", "--older");
  await works("pki", "publish", ...anna);
  await calmLab(lab);
  expect(await works("status", ...anna)).toContain("healthy");
});

test("who is revoked is cut off also where a connection is open, and one node that is told tells the other", async () => {
  const following = desk.holdfast("events", "--follow", "--as", "ben", ...file);
  await sleep(1_500);
  await works("pki", "revoke", "ben");
  // lb-b is out of the operator's reach just then, not of its peer's.
  const [, second] = cluster.nodes;
  const away =
    second?.interfaces.find(({ network }) => network === "management")?.addresses[0]?.address ?? "";
  await desk.machine.exec(["ip", "route", "add", "unreachable", away]);
  expect(await says("pki", "publish", ...anna)).toMatch(
    /^1\n[\s\S]*lb-a has revocation list \d+\n[\s\S]*! lb-b is out of reach/,
  );
  await desk.machine.exec(["ip", "route", "del", "unreachable", away]);
  await expect
    .poll(() => says("status", "--as", "ben"), { timeout: 20_000 })
    .toContain("lb-a: the certificate is not accepted: it was revoked");
  const onSecond = async () => (await desk.curl("lb-b", "ben", "/v1/state")).stdout;
  await expect.poll(onSecond, { timeout: 20_000 }).toMatch(/it was revoked[\s\S]*401$/);
  const { exitCode } = await following;
  expect(exitCode).toBe(1);
});

test("a certificate that ends soon is a word in status, a number in the metrics and red in the list", async () => {
  await works("pki", "issue", "lb-b", "--days", "20", "--out", "/tmp/short");
  for (const name of ["identity.key", "identity.crt"]) {
    const { stdout } = await desk.machine.exec(["cat", `/tmp/short/${name}`]);
    await desk.install("lb-b", name, stdout);
  }
  await expect
    .poll(() => says("status", ...anna), { timeout: 20_000 })
    .toContain("its certificate expires in 19 days");
  const { stdout } = await desk.curl("lb-b", "anna", "/metrics");
  const expiry = Number(/^holdfast_certificate_expiry_timestamp_seconds (\S+)$/m.exec(stdout)?.[1]);
  expect((expiry - Date.now() / 1_000) / 86_400).toBeCloseTo(20, 0);
  expect(await works("pki", "list")).toMatch(/^authority of lab-operator {2}expires \d{4}/);
});

test("what alerts and the dashboard ask of a pair is told, a drill's verdict too, also by an agent that starts again", async () => {
  const note = { drill: "switchover", fault: "lb-a -> lb-b", outcome: "failed" };
  const body = ["--header", "content-type: application/json", "--data", JSON.stringify(note)];
  for (const { name } of cluster.nodes)
    expect((await desk.curl(name, "anna", "/v1/drills", ...body)).stdout).toMatch(/200$/);
  await lab.faults.signal("lb-b", "holdfast-agent", "SIGKILL");
  await sleep(500);
  await lab.faults.start("lb-b", "holdfast-agent");
  await calmLab(lab);
  const scrapes = await scrapesOf(
    lab,
    cluster.nodes.map(({ name }) => name),
  );
  for (const text of scrapes) {
    expect(text).toContain('\nholdfast_last_drill_success{drill="switchover"} 0\n');
    expect(text).toMatch(/^holdfast_cluster_info\{name="lab-operator",node="lb-[ab]"\} 1$/m);
  }
  const ofPairs =
    /^holdfast_(node_role|generation_number|certificate|authority|last_role|service_sessions|server|peer|two_owners|sync|conntrack|last_drill)/;
  expect(untoldBy(scrapes, ofPairs)).toEqual([]);
});

test("what a scraper and a balancer ask is answered as they expect", async () => {
  const { stdout } = await desk.curl("lb-a", "wall", "/metrics");
  const lines = stdout
    .replace(/\n\d+$/, "")
    .split("\n")
    .filter((line) => line !== "");
  const told = (kind: string) =>
    lines.flatMap((line) => (line.startsWith(`# ${kind} `) ? line.split(" ")[2] : []));
  expect(told("HELP")).toEqual(told("TYPE"));
  for (const line of lines.filter((one) => !one.startsWith("#"))) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? -?[0-9.e+-]+$/);
    expect(told("TYPE")).toContain(line.split(/[{ ]/)[0]);
  }
  expect(new Set(lines.map((line) => line.split(" ")[0])).size).toBeGreaterThan(3);

  const document = JSON.parse(
    (await desk.curl("lb-a", "wall", "/v1/openapi.json")).stdout.replace(/\n\d+$/, ""),
  );
  expect(document.openapi).toMatch(/^3\./);
  expect(Object.keys(document.paths)).toContain("/v1/applies");

  const ready = async () => (await desk.curl("lb-a", null, "/readyz")).stdout;
  expect(await ready()).toBe("ready\n\n200");
  await lab.machine("lb-a").host.services.stop("haproxy");
  await expect.poll(ready, { timeout: 10_000 }).toMatch(/HAProxy[\s\S]*503$/);
  await lab.machine("lb-a").host.services.start("haproxy");
  await expect.poll(ready, { timeout: 30_000 }).toBe("ready\n\n200");
  expect((await desk.curl("lb-a", null, "/healthz")).stdout).toBe("the agent runs\n\n200");
});
