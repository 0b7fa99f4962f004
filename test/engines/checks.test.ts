import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changePool } from "../../src/deploy/change-pool.js";
import { ask } from "../../src/host/ask.js";
import { parseServers, showServers } from "../../src/observe/haproxy.js";
import { haproxyDaemon } from "../../src/render/daemons.js";
import { haproxy } from "../../src/render/haproxy.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, HealthCheck, Service } from "../../src/topology/cluster.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { type Sandbox, sandbox } from "./sandbox.js";
import { answer, listening } from "./traffic.js";

const base = exampleCluster("pair");
const node = nodeNamed(base, "lb-a");
const pattern = serviceNamed(base, "openflow");

const ports = { osken: 6653, tls: 7001, http: 7002, angry: 7003, echo: 7004, closed: 7005 };
type Kind = keyof typeof ports;

/** One service a check, with one server of every kind. */
const checks: Record<string, Partial<HealthCheck>> = {
  openflow: { type: "openflow" },
  "openflow-10": { type: "openflow", openflowVersions: ["1.0"] },
  "openflow-15": { type: "openflow", openflowVersions: ["1.5"] },
  tcp: { type: "tcp" },
  tls: { type: "tls" },
  http: { type: "http", path: "/health?full=1", expect: 204 },
};

const cluster: Cluster = {
  ...base,
  services: Object.entries(checks).map(
    ([name, check], index): Service => ({
      ...pattern,
      name,
      mode: "nat",
      listen: { ...pattern.listen, port: 10_000 + index },
      healthCheck: { ...pattern.healthCheck, interval: 300, timeout: 300, rise: 1, fall: 1, ...check },
      servers: Object.entries(ports).map(([kind, port]) => ({
        ...{ name: kind, family: 4, address: "127.0.0.1", port, weight: 1, backup: false },
      })),
    }),
  ),
};

let machine: Sandbox;

const startController = (): void =>
  machine.start(
    "osken-manager",
    ...["--ofp-listen-host", "127.0.0.1", "--ofp-tcp-listen-port", String(ports.osken)],
    "os_ken.controller.ofp_handler",
  );

beforeAll(async () => {
  machine = await sandbox();
  const { must, start } = machine;
  const key = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "/run/key",
    "-out",
    "/run/cert",
  ];
  await must("openssl", "req", "-x509", "-subj", "/CN=controller", ...key);
  const tls = `
    const { readFileSync } = require("node:fs");
    require("node:tls").createServer({ key: readFileSync("/run/key"), cert: readFileSync("/run/cert") })
      .on("connection", (socket) => socket.on("error", () => {}))
      .listen(${ports.tls}, "127.0.0.1")`;
  start(process.execPath, "-e", tls);
  startController();
  const http = (status: string, port: number): void =>
    start(
      process.execPath,
      "-e",
      `
      require("node:http").createServer((request, response) => {
        response.writeHead(${status}).end();
      }).listen(${port}, "127.0.0.1")`,
    );
  http('request.url === "/health?full=1" && request.headers.host === "http" ? 204 : 404', ports.http);
  http("500", ports.angry);
  await answer(machine, "127.0.0.1", ports.echo);
  for (const port of [ports.osken, ports.tls, ports.http, ports.angry])
    await listening(machine, port, "127.0.0.1");
  await machine.install(renderNode(cluster, node));
  start(...haproxyDaemon.argv);
}, 30_000);

afterAll(() => machine?.[Symbol.asyncDispose]());

/** As `cluster`, with each server twice: the second time by another name. */
const doubled: Cluster = {
  ...cluster,
  services: cluster.services.map((service) => ({
    ...service,
    servers: service.servers.flatMap((server) => [server, { ...server, name: `added-${server.name}` }]),
  })),
};

const question = (socket: string, request: string): Promise<string> =>
  ask(`/proc/${machine.pid}/root${socket}`, request, 2_000);

/** The servers that HAProxy takes for working. */
async function upOf(service: string): Promise<string[]> {
  const servers = parseServers(await question(paths.haproxyAdmin, `${showServers}\n`));
  return servers.filter((server) => server.service === service && server.up).map(({ name }) => name);
}

const expected: [string, Kind[]][] = [
  ["openflow", ["osken"]],
  ["openflow-10", ["osken"]],
  ["openflow-15", ["osken"]],
  ["tcp", ["osken", "tls", "http", "angry", "echo"]],
  ["tls", ["tls"]],
  ["http", ["http"]],
];

const patience = { timeout: 8_000, interval: 200 };

describe("HAProxy's health check", () => {
  test.each(expected)("%s takes exactly %j for working", async (service, working) => {
    await expect.poll(() => upOf(service), patience).toEqual(working);
  });

  test("judges servers that are added while it runs exactly as those of its file", async () => {
    await changePool({ ask: question }, haproxy.render(doubled, node), { timeout: 0, pause: 0 });
    for (const [service, working] of expected)
      await expect
        .poll(async () => (await upOf(service)).toSorted(), patience)
        .toEqual([...working, ...working.map((kind) => `added-${kind}`)].toSorted());
  });

  test("takes an added controller out when it dies, and in again when it is back", async () => {
    const listener = await machine.must("ss", "-Hltnp", "sport", "=", `:${ports.osken}`);
    await machine.must("kill", /pid=(\d+)/.exec(listener)?.[1] ?? "");
    await expect.poll(() => upOf("openflow"), patience).toEqual([]);
    startController();
    await expect.poll(() => upOf("openflow"), patience).toEqual(["osken", "added-osken"]);
  });
});
