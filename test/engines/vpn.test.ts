import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bird } from "../../src/render/vpn/bird.js";
import { clientProfile } from "../../src/render/vpn/client-profile.js";
import { vpnPaths, vpnPlaces } from "../../src/render/vpn/places.js";
import { renderVpnServer } from "../../src/render/vpn/render-vpn.js";
import { tunnelsOf, vpnServerNamed } from "../../src/topology/vpn-select.js";
import { nine, three, two, vpnOf } from "../topology/vpn-networks.js";
import { connect, type Sandbox, sandbox } from "./sandbox.js";
import { type Authority, authority, type Identity } from "./vpn-authority.js";

// Two providers' machines, both families inside, a client at each.
const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/a.sock, password_file: /run/pass } }
  - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656 } }
clients:
  - { name: fixed, address: [10.100.200.1, "fd00:100::c8:1"] }
`);

const hook = "/run/hook";
const patience = { timeout: 20_000, interval: 50 };

let certificates: Authority;
const machines: Sandbox[] = [];
let a: Sandbox;
let b: Sandbox;
let host: Sandbox;
let fixed: Sandbox;

beforeAll(async () => {
  certificates = await authority();
  for (let count = 0; count < 4; count++) machines.push(await sandbox());
  [a, b, host, fixed] = machines as [Sandbox, Sandbox, Sandbox, Sandbox];
  await join(a, "outer", "203.0.113.10/24", b, "203.0.113.20/24");
  await join(a, "access", "198.51.100.1/24", host, "198.51.100.2/24");
  await join(b, "access", "192.0.2.1/24", fixed, "192.0.2.2/24");
  await host.must("ip", "route", "add", "203.0.113.10", "via", "198.51.100.1");
  await fixed.must("ip", "route", "add", "203.0.113.20", "via", "192.0.2.1");
  await serve(a, "vpn-a");
  await serve(b, "vpn-b");
  await visit(host, "host");
  await visit(fixed, "fixed");
}, 60_000);

afterAll(async () => {
  for (const machine of machines) await machine[Symbol.asyncDispose]();
  await certificates[Symbol.asyncDispose]();
});

async function join(one: Sandbox, device: string, own: string, other: Sandbox, far: string): Promise<void> {
  await one.must("ip", "link", "add", device, "type", "veth", "peer", "name", `far-${device}`);
  await one.must("ip", "addr", "add", own, "dev", device);
  await one.must("ip", "link", "set", device, "up");
  await connect(one, device, other, [far], device);
}

/** Everything that the machine's files say, and nothing else. */
async function serve(machine: Sandbox, name: string): Promise<void> {
  const server = vpnServerNamed(vpn, name);
  await machine.install([
    ...renderVpnServer(vpn, server, { ...vpnPlaces, hook, pulse: hook }),
    ...identityFiles(await certificates.issue(name, "serverAuth,clientAuth"), `${vpnPlaces.pki}/`, "server"),
    { path: hook, mode: 0o755, body: "#!/bin/sh\nexit 0\n" },
    { path: "/run/pass", mode: 0o600, body: "secret\n" },
  ]);
  await machine.must("bird", "-p", "-c", vpnPaths.bird);
  await machine.must("sysctl", "-q", "-p", vpnPaths.sysctl);
  openvpn(machine, vpnPaths.server(vpn.name));
  for (const { number } of tunnelsOf(vpn, server)) openvpn(machine, vpnPaths.tunnel(vpn.name, number));
  machine.start("bird", "-f", "-c", vpnPaths.bird, "-s", "/run/bird.ctl", "-D", "/run/bird.log");
}

async function visit(machine: Sandbox, name: string): Promise<void> {
  await machine.install([
    { path: `/run/${name}/${name}.ovpn`, mode: 0o600, body: clientProfile.render(vpn, name) },
    ...identityFiles(await certificates.issue(name, "clientAuth"), `/run/${name}/`, name),
  ]);
  openvpn(machine, `/run/${name}/${name}.ovpn`);
}

const identityFiles = ({ ca, certificate, key }: Identity, directory: string, name: string) => [
  { path: `${directory}ca.crt`, mode: 0o644, body: ca },
  { path: `${directory}${name}.crt`, mode: 0o644, body: certificate },
  { path: `${directory}${name}.key`, mode: 0o600, body: key },
];

/** As Debian's unit does: in the directory of its file. */
function openvpn(machine: Sandbox, conf: string): void {
  const directory = conf.slice(0, conf.lastIndexOf("/"));
  const log = `/run/${conf.slice(directory.length + 1)}.log`;
  machine.start("openvpn", "--cd", directory, "--config", conf, "--log", log);
}

/** The kernel's routes that BIRD carried there. */
const carried = ({ must }: Sandbox, family: 4 | 6) =>
  must("ip", `-${family}`, "route", "show", "proto", "bird");

const birdc = ({ must }: Sandbox, ...command: string[]) => must("birdc", "-s", "/run/bird.ctl", ...command);

const hostRoute = (
  machine: Sandbox,
  what: "add" | "del",
  destination: string,
  { proto = "111", device = "tun0" } = {},
) => machine.must("ip", "route", what, destination, "dev", device, "proto", proto);

describe("two servers", () => {
  test("learn each other's range over the tunnel between them", async () => {
    await expect.poll(() => carried(a, 4), patience).toContain("10.100.101.0/24 via 10.200.200.2 dev bb0");
    await expect.poll(() => carried(a, 6), patience).toContain("fd00:100::b:0:0/96 dev bb0");
    await expect.poll(() => carried(b, 4), patience).toContain("10.100.100.0/24 via 10.200.200.1 dev bb0");
  });

  test("learn a client's own address, and forget it", async () => {
    await hostRoute(b, "add", "10.100.200.7");
    await hostRoute(b, "add", "fd00:100::c8:7");
    await expect.poll(() => carried(a, 4), patience).toContain("10.100.200.7 via 10.200.200.2 dev bb0");
    await expect.poll(() => carried(a, 6), patience).toContain("fd00:100::c8:7 dev bb0");
    await hostRoute(b, "del", "10.100.200.7");
    await hostRoute(b, "del", "fd00:100::c8:7");
    await expect.poll(() => carried(a, 4), patience).not.toContain("10.100.200.7");
    await expect.poll(() => carried(a, 6), patience).not.toContain("fd00:100::c8:7");
  });

  test("carry no route of others, none outside the pool and none inside a range", async () => {
    const foreign = ["192.168.77.0/24", "10.100.101.9", "10.100.100.9", "10.100.200.0/28"];
    await hostRoute(b, "add", "10.100.200.8", { device: "access" });
    await hostRoute(b, "add", "10.100.200.9", { proto: "static" });
    for (const destination of foreign) await hostRoute(b, "add", destination);
    await hostRoute(b, "add", "10.100.200.10");
    await expect.poll(() => carried(a, 4), patience).toContain("10.100.200.10 ");
    expect((await carried(a, 4)).match(/^\S+/gm)).toEqual(["10.100.101.0/24", "10.100.200.10"]);
    await hostRoute(b, "del", "10.100.200.8", { device: "access" });
    await hostRoute(b, "del", "10.100.200.9", { proto: "static" });
    for (const destination of [...foreign, "10.100.200.10"]) await hostRoute(b, "del", destination);
  });

  test("prefer the client that is here to what a peer still says of it", async () => {
    await hostRoute(b, "add", "10.100.200.11");
    await expect.poll(() => carried(a, 4), patience).toContain("10.100.200.11 ");
    await hostRoute(a, "add", "10.100.200.11");
    await expect.poll(() => carried(a, 4), patience).not.toContain("10.100.200.11");
    await hostRoute(b, "del", "10.100.200.11");
    await expect.poll(() => carried(b, 4), patience).toContain("10.100.200.11 via 10.200.200.1 dev bb0");
    await hostRoute(a, "del", "10.100.200.11");
    await expect.poll(() => carried(b, 4), patience).not.toContain("10.100.200.11");
  });
});

test("a client reaches one with a fixed address that is on the other server", async () => {
  await expect.poll(() => host.must("ip", "addr", "show"), patience).toContain("10.100.100.2/24");
  await expect.poll(() => fixed.must("ip", "addr", "show"), patience).toContain("10.100.200.1/16");
  await hostRoute(b, "add", "10.100.200.1");
  await hostRoute(b, "add", "fd00:100::c8:1");
  const reaches = async (address: string) =>
    (await host.run(["ping", "-c", "1", "-W", "1", address])).exitCode;
  await expect.poll(() => reaches("10.100.200.1"), patience).toBe(0);
  await expect.poll(() => reaches("fd00:100::c8:1"), patience).toBe(0);
});

test("a rogue server is heard for what it may say, and for nothing else", async () => {
  const { body } = renderVpnServer(vpn, vpnServerNamed(vpn, "vpn-b")).find(
    ({ path }) => path === vpnPaths.bird,
  ) ?? {
    body: "",
  };
  const lies = [
    "0.0.0.0/0",
    "10.100.0.0/16",
    "10.100.0.0/17",
    "10.100.100.0/25",
    "10.100.100.2/32",
    "198.18.0.0/15",
  ];
  const said = [...lies, "10.100.200.66/32"].map((prefix) => `route ${prefix} via "tun0";`).join(" ");
  const rogue = body.replace("filter to_peers4 {", "filter to_peers4 { accept;");
  await b.install([
    { path: vpnPaths.bird, mode: 0o640, body: `${rogue}\nprotocol static rogue { ipv4; ${said} }\n` },
  ]);
  await birdc(b, "configure");
  await expect.poll(() => carried(a, 4), patience).toContain("10.100.200.66 ");
  expect((await carried(a, 4)).match(/^\S+/gm)?.sort()).toEqual([
    "10.100.101.0/24",
    "10.100.200.1",
    "10.100.200.66",
  ]);
  const refused = await birdc(a, "show", "route", "filtered");
  for (const lie of lies) expect(refused).toContain(`${lie} `);
});

test.each([
  ["two", two],
  ["three", three],
  ["nine", nine],
])("BIRD accepts the file of each of %s servers, and refuses a spoilt one", async (_, text) => {
  const network = vpnOf(text);
  for (const server of network.servers) {
    const body = bird.render(network, server);
    const check = async (file: string) => {
      await host.install([{ path: "/run/checked.conf", mode: 0o640, body: file }]);
      return (await host.run(["bird", "-p", "-c", "/run/checked.conf"])).exitCode;
    };
    expect(await check(body), server.name).toBe(0);
    expect(await check(body.replace("bfd on", "bfd of course")), server.name).not.toBe(0);
  }
});
