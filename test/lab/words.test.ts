import { expect, test } from "vitest";
import { daemonMatcher, daemonsAmong } from "../../src/lab/daemon-processes.js";
import { distinctName, namespacePrefix } from "../../src/lab/names.js";
import { connectedBy } from "../../src/lab/open-vswitch.js";
import { missing } from "../../src/lab/requirements.js";

test("what a machine lacks is one sentence with its cure", () => {
  expect(missing(false, () => true)).toMatch(/only root may: run this command with sudo/);
  expect(missing(true, (path) => !/haproxy|tini/.test(path))).toBe(
    "the lab needs /usr/sbin/haproxy, /usr/bin/tini: run 'apt-get install --no-install-recommends haproxy tini'",
  );
  expect(missing(true, (path) => !path.includes("/dist/"))).toMatch(/run 'npm run build' first/);
  expect(missing(true, () => true)).toBeNull();
});

test("a lab of VPN servers needs their engines and a device for them, and none of the load balancers'", () => {
  const vpnAlone = { nodes: false, vpnServers: true };
  expect(missing(true, (path) => !/openvpn|bird|haproxy/.test(path), vpnAlone)).toBe(
    "the lab needs /usr/sbin/openvpn, /usr/sbin/bird: run 'apt-get install --no-install-recommends openvpn bird2'",
  );
  expect(missing(true, (path) => path !== "/dev/net/tun", vpnAlone)).toMatch(/run 'modprobe tun'/);
  expect(missing(true, (path) => path !== "/dev/net/tun")).toBeNull();
});

test("a lab's prefix matches no other lab, even if one name begins the other", () => {
  expect(namespacePrefix("a-b").startsWith(namespacePrefix("a"))).toBe(false);
});

test("a name that is taken gets a number, and stays within a host name's length", () => {
  expect(distinctName("router", new Set(["router", "router-2"]))).toBe("router-3");
  expect(distinctName("x".repeat(80), new Set()).length).toBeLessThanOrEqual(64);
});

test("a switch is connected when the log's last word on it is connected", () => {
  const line = (word: string) =>
    `2026-01-01T00:00:00.000Z|00012|rconn|INFO|br0<->tcp:10.0.1.100:6653: ${word}\n`;
  expect(connectedBy(line("connecting...") + line("connected"))).toBe(true);
  expect(connectedBy(line("connected") + line("connection closed by peer"))).toBe(false);
  expect(connectedBy("")).toBe(false);
});

test("a daemon is known by its arguments, workers and all", () => {
  const agent = ["/usr/bin/node", "/opt/holdfast/dist/cli/main.js", "agent"];
  const worker = ["/usr/sbin/haproxy", "-sf", "12", "-W"];
  expect(daemonMatcher("holdfast-agent")(agent)).toBe(true);
  expect(daemonMatcher("holdfast-agent")([...agent, "--lab"])).toBe(true);
  expect(daemonMatcher("holdfast-agent")([...agent.slice(0, -1), "lab", "up"])).toBe(false);
  const multiplexer = [...agent.slice(0, -1), "multiplexer"];
  expect(daemonMatcher("holdfast-multiplexer")(multiplexer)).toBe(true);
  expect(daemonMatcher("holdfast-multiplexer")(agent)).toBe(false);
  expect(daemonMatcher("haproxy")(worker)).toBe(true);
  expect(daemonsAmong([agent, worker, ["tini"]])).toEqual(["haproxy", "holdfast-agent"]);
});
