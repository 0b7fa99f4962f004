import { expect, test } from "vitest";
import type { NodePreflight } from "../../src/api/preflight.js";
import { addressHolders, type Claim, claimants, claimsFilter } from "../../src/preflight/address-holders.js";
import { addressProbe, addressQuestions } from "../../src/preflight/address-probe.js";
import type { Answered } from "../../src/preflight/asked.js";
import type { Link } from "../../src/preflight/devices.js";
import { framesIn } from "../../src/preflight/ethernet-dump.js";
import { shown, subject } from "./subject.js";

const link: Link = {
  ...{ index: 3, name: "eth1", up: true, carrier: true, mtu: 1500, mac: "02:68:66:00:00:01" },
  addresses: ["10.0.1.2/24", "fe80::68:66ff:fe00:1/64"],
};
const question = { network: "switches", device: "eth1", kind: "virtual" } as const;

test("a node asks for virtual IPs and its own addresses where they stand, and for captured ones only where they would be looked for", () => {
  const { cluster, node } = subject("campus-routed");
  const asked = (of: typeof cluster): string[] =>
    addressQuestions(of, node).map(({ device, kind, address }) => `${device} ${kind} ${address}`);
  expect(asked(cluster)).toEqual(expect.arrayContaining(["eth1 virtual 10.0.1.100", "eth1 own 10.0.1.2"]));
  expect(asked(cluster).filter((one) => one.includes("captured"))).toEqual([]);
  const destination = cluster.nat.destination.map((each) => ({ ...each, address: "10.0.1.50" }));
  expect(asked({ ...cluster, nat: { ...cluster.nat, destination } })).toContain("eth1 captured 10.0.1.50");
});

test("an ARP probe tells nobody an address of the sender's; nobody asks from a device that is no Ethernet", () => {
  const probe = addressProbe({ ...question, family: 4, address: "10.0.1.100" }, link);
  expect(probe?.toString("hex")).toBe(
    "ffffffffffff" +
      "026866000001" +
      "0806" +
      "0001080006040001" +
      "026866000001" +
      "00000000" +
      "000000000000" +
      "0a000164",
  );
  expect(addressProbe({ ...question, family: 4, address: "10.0.1.100" }, { ...link, mac: "" })).toBeNull();
});

test("a neighbour solicitation has a source, the target's multicast group and a checksum that is right", () => {
  const probe = addressProbe({ ...question, family: 6, address: "fd00:1::100" }, link) ?? Buffer.alloc(0);
  expect(probe.subarray(0, 6).toString("hex")).toBe("3333ff000100");
  const packet = probe.subarray(14);
  expect(packet.subarray(8, 24).toString("hex")).toBe("fe80000000000000006866fffe000001");
  expect(packet.subarray(24, 40).toString("hex")).toBe("ff0200000000000000000001ff000100");
  // RFC 1071: with the checksum in its place the sum is all ones.
  const message = packet.subarray(40);
  const covered = Buffer.concat([
    packet.subarray(8, 40),
    Buffer.from([0, 0, 0, message.length, 0, 0, 0, 58]),
    message,
  ]);
  let sum = 0;
  for (let at = 0; at < covered.length; at += 2) sum += covered.readUInt16BE(at);
  expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  const without = { ...link, addresses: ["fd00:1::2/64"] };
  expect(addressProbe({ ...question, family: 6, address: "fd00:1::100" }, without)).toBeNull();
});

/** What tcpdump prints of an ARP reply, and of a neighbour advertisement. */
const printed = `1764425000.125000 ARP, Reply 10.0.1.100 is-at 02:68:66:00:00:0a, length 28
\t0x0000:  0268 6600 0001 0268 6600 000a 0806 0001
\t0x0010:  0800 0604 0002 0268 6600 000a 0a00 0164
\t0x0020:  0268 6600 0001 0000 0000
1764425000.225000 IP6 fd00:1::100 > fe80::1: ICMP6, neighbor advertisement, tgt is fd00:1::100, length 32
\t0x0000:  0268 6600 0001 0268 6600 000b 86dd 6000
\t0x0010:  0000 0020 3aff fd00 0001 0000 0000 0000
\t0x0020:  0000 0000 0100 fe80 0000 0000 0000 0000
\t0x0030:  0000 0000 0001 8800 0000 6000 0000 fd00
\t0x0040:  0001 0000 0000 0000 0000 0000 0100 0201
\t0x0050:  0268 6600 000b
1764425000.325000 ARP, [|arp]
\t0x0000:  0268 6600 0001 0268 6600 000a 0806 0001
`;

test("whoever claims an address is read from what both families say, and nothing from what is cut short", () => {
  const frames = framesIn(printed);
  expect(claimants("10.0.1.100", frames)).toEqual(["02:68:66:00:00:0a"]);
  expect(claimants("fd00:1::100", frames)).toEqual(["02:68:66:00:00:0b"]);
  expect(claimants("10.0.1.101", frames)).toEqual([]);
});

test("a capture lets in claims of these addresses alone", () => {
  const asked = [
    { ...question, family: 4, address: "10.0.1.100" } as const,
    { ...question, family: 6, address: "fd00:1::100" } as const,
  ];
  expect(claimsFilter(asked, link.mac)).toEqual([
    "(((arp and (arp[14:4] = 0x0a000164)) or (icmp6 and ip6[40] = 136 and (ip6[60:4] = 0x00000100))) and not ether src 02:68:66:00:00:01)",
  ]);
  expect(claimsFilter(asked, "")).toEqual([]);
});

const claim = (own: Partial<Claim>): Claim => ({
  ...{
    network: "switches",
    device: "eth1",
    address: "10.0.1.100",
    kind: "virtual",
    heard: [],
    refused: null,
  },
  ...own,
});
const answered = (node: string, macs: string[], claims: Claim[] = []): Answered => {
  const report = { node, macs, claims } as unknown as NodePreflight;
  return { node, sent: 0, got: 0, report };
};
const [a, b, stranger] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:99"] as const;
const judged = (of: Partial<Claim>, silent: string[] = []): string[] =>
  shown(
    addressHolders(
      "lb-a",
      [answered("lb-a", [a], [claim(of)]), ...(silent.length > 0 ? [] : [answered("lb-b", [b])])],
      silent,
    ),
  ).map((line) => line.replace(/ -> .*/, ""));

test("a virtual IP may be any node's, a captured address nobody's, and its own no peer's", () => {
  expect(judged({ heard: [b] })).toEqual(["ok switches: nobody else answers for 10.0.1.100"]);
  expect(judged({ heard: [b, stranger] })).toEqual([
    `error switches: 10.0.1.100: this virtual IP is somebody else's already: ${stranger} answers for it`,
  ]);
  expect(judged({ kind: "own", address: "10.0.1.2", heard: [a, b] })).toEqual([
    `error switches: 10.0.1.2: somebody else answers for this node's own address: lb-b (${b})`,
  ]);
  expect(judged({ kind: "captured", address: "10.0.1.50", heard: [stranger] })[0]).toMatch(
    /^error .* beside it/,
  );
});

test("while a node is silent, an answer may be its own; an address that could not be asked for is unknown", () => {
  expect(judged({ heard: [b] }, ["lb-b"])).toEqual([
    `unknown switches: 10.0.1.100: ${b} answers for it, which may be lb-b: the agent there does not say`,
  ]);
  expect(judged({ heard: null, refused: "no capture ran" })).toEqual([
    "unknown switches: 10.0.1.100: could not be asked for on eth1: no capture ran",
  ]);
});
