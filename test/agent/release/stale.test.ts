import { expect, test } from "vitest";
import { suspectIn, suspectsOn } from "../../../src/agent/release/stale.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("dual-stack");

const lookedFor = (network: string) =>
  suspectsOn(cluster, network).map(({ argv }) => argv.slice(argv.indexOf("--orig-dst")).join(" "));

test("what is looked for are the entrances of proxy services on the network, and servers that see their clients", () => {
  expect(lookedFor("access")).toMatchInlineSnapshot(`
    [
      "--orig-dst 10.20.1.100 --orig-port-dst 6653",
      "--orig-dst 2001:db8:20:1::100 --orig-port-dst 6653",
      "--orig-dst 10.20.1.102 --orig-port-dst 6654",
      "--orig-dst 10.20.2.11 --orig-port-dst 6654",
      "--orig-dst 10.20.2.13 --orig-port-dst 6654",
      "--orig-dst 10.20.1.100 --orig-port-dst 8080",
      "--orig-dst 2001:db8:20:1::100 --orig-port-dst 8080",
    ]
  `);
  expect(suspectsOn(cluster, "no-such-network")).toEqual([]);
  expect(suspectsOn(exampleCluster("by-turns"), "switches")).toEqual([]);
});

const entry = (state: string, original: string, reply: string) =>
  `tcp      6 431999 ${state} ${original} ${reply} [ASSURED] mark=0 use=1`;

const [client, back] = [
  "src=10.20.1.9 dst=10.20.1.100 sport=4711 dport=6653",
  "src=10.20.1.100 dst=10.20.1.9 sport=6653 dport=4711",
];

test("a client is told as if by the entrance it knows, and HAProxy's socket would be where that is translated to", () => {
  const [suspects] = suspectsOn(exampleCluster("pair"), "switches");
  if (suspects === undefined) throw new Error("nothing is looked for");
  expect(suspectIn(suspects, entry("ESTABLISHED", client, back))).toEqual({
    holder: "client",
    socket: "10.20.1.100 6653 10.20.1.9 4711",
    way: { from: { address: "10.20.1.100", port: 6653 }, to: { address: "10.20.1.9", port: 4711 } },
  });
  const captured = entry("ESTABLISHED", client.replace("10.20.1.100", "192.0.2.1"), back);
  expect(suspectIn(suspects, captured)).toEqual({
    holder: "client",
    socket: "10.20.1.100 6653 10.20.1.9 4711",
    way: { from: { address: "192.0.2.1", port: 6653 }, to: { address: "10.20.1.9", port: 4711 } },
  });
});

test("a session that is being opened, or over, is nobody's to release", () => {
  const [suspects] = suspectsOn(exampleCluster("pair"), "switches");
  if (suspects === undefined) throw new Error("nothing is looked for");
  for (const state of ["SYN_SENT", "SYN_RECV", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE"])
    expect(suspectIn(suspects, entry(state, client, back))).toBeNull();
  expect(
    suspectIn(suspects, "conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown."),
  ).toBeNull();
});

test.each([
  ["a standby", "10.0.1.3"],
  ["the owner of the virtual IP itself", "127.0.0.1"],
])("%s that knocked at the service just then is no switch", (_, address) => {
  const [suspects] = suspectsOn(exampleCluster("pair"), "switches");
  if (suspects === undefined) throw new Error("nothing is looked for");
  const knock = client.replace("10.20.1.9", address);
  expect(suspectIn(suspects, entry("ESTABLISHED", knock, back.replace("10.20.1.9", address)))).toBeNull();
});

test("a server that sees its clients is told as if by the client", () => {
  const transparent = suspectsOn(cluster, "access").find(({ argv }) => argv.includes("10.20.2.11"));
  const original = "src=10.20.1.9 dst=10.20.2.11 sport=40001 dport=6654";
  const reply = "src=10.20.2.11 dst=10.20.1.9 sport=6654 dport=40001";
  expect(transparent && suspectIn(transparent, entry("ESTABLISHED", original, reply))).toEqual({
    holder: "server",
    socket: "10.20.1.9 40001 10.20.2.11 6654",
    way: { from: { address: "10.20.1.9", port: 40_001 }, to: { address: "10.20.2.11", port: 6654 } },
  });
});
