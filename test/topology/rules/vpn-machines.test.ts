import { expect, test } from "vitest";
import { loadTopology } from "../../../src/topology/load.js";
import { type Edit, edited, example, shown } from "../examples.js";

/** The pair, with the overlay beside it and some edits. */
function both(...edits: readonly Edit[]): string {
  const overlay = edited("overlay", ...edits);
  return `${example("pair")}${overlay.slice(overlay.indexOf("vpn:"))}`;
}

const errors = (text: string): string[] => shown(text).map((line) => line.replace(/^\d+:\d+ /, ""));

test.each([
  ["lb-b", "lb-b is already the name of a node"],
  ["c2", "c2 is already the name of a server of a service"],
  ["switch-1", "switch-1 is the name of a machine that the lab makes by itself"],
  ["vpn-client-3", "vpn-client-3 is the name of a machine that the lab makes by itself"],
  ["client-switches", "client-switches is the name of a machine that the lab makes by itself"],
])("a VPN server is not named %s", (name, message) => {
  expect(errors(both(["name: vpn-b", `name: ${name}`]))).toEqual([`vpn.servers[1].name: ${message}`]);
  expect(loadTopology(both(["name: vpn-b", `name: x-${name}`])).cluster).not.toBeNull();
});

test("no other machine has the name of one of the lab's clients, where there are VPN servers", () => {
  const renamed = (text: string) => text.replace("name: c1,", "name: vpn-client-1,");
  expect(errors(renamed(both()))).toEqual([
    "services[0].servers[0].name: vpn-client-1 is the name of a machine that the lab makes by itself",
  ]);
  expect(loadTopology(renamed(example("pair"))).cluster).not.toBeNull();
});

test.each([
  ["10.0.1.2", "node lb-a"],
  ["10.0.1.100", "virtual IP controller-ip"],
])("a VPN server has not the address %s, which is that of %s", (address, owner) => {
  expect(errors(both(["address: 203.0.113.10", `address: ${address}`]))).toEqual([
    `vpn.servers[0].address: ${address} is already the address of ${owner}`,
  ]);
});

test("neither clients, nor the management, nor a tunnel have the port of the agents", () => {
  expect(errors(both(["clients: [10.100.101", "port: 7443\n      clients: [10.100.101"]))).toEqual([
    "vpn.servers[1].port: 7443 is the port of the agents (agent.port): choose another for clients",
  ]);
  expect(errors(both(["port: 5656", "port: 7443"]))).toEqual([
    "vpn.servers[1].management.port: 7443 is the port of the agents (agent.port): choose another for the management",
  ]);
  expect(errors(both(["  clients:   ", "  backbone: { port: 7443 }\n  clients:   "]))).toEqual([
    "vpn.backbone.port: 1 pairs of servers have the ports from 7443 on, and 7443 is that of the agents (agent.port): begin elsewhere",
  ]);
  expect(errors(both(["  clients:   ", "  backbone: { port: 7444 }\n  clients:   "]))).toEqual([]);
});

test("settings of failover where there are VPN servers alone are told to have no effect", () => {
  const settings: Edit = ["vpn:\n", "failover: { profile: fast }\nvpn:\n"];
  const told = (text: string) =>
    loadTopology(text).problems.map(({ path, message }) => `${path}: ${message}`);
  expect(told(edited("overlay", settings))).toEqual([
    "failover: has no effect on VPN servers, and there are no nodes",
  ]);
  expect(told(edited("overlay"))).toEqual([]);
});
