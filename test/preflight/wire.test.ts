import { expect, test } from "vitest";
import { type Heard, routersHeard } from "../../src/preflight/adverts.js";
import { framesIn, ipPacketIn } from "../../src/preflight/ethernet-dump.js";
import {
  type AdvertsHeard,
  advertLinks,
  parseProbe,
  probeLines,
  protocol112,
} from "../../src/preflight/protocol-112.js";
import { strangersFilter, virtualRouters } from "../../src/preflight/virtual-routers.js";
import { networkNamed } from "../../src/topology/select.js";
import { shown, subject } from "./subject.js";

/** What tcpdump 4.99.3 prints of keepalived's adverts: VRRPv2 to all, VRRPv3 to a peer, and one over IPv6. */
const printed = `1764425000.125000 IP 10.0.1.254 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 7, authtype none, intvl 1s, length 20
\t0x0000:  0100 5e00 0012 0268 6600 000a 0800 45c0
\t0x0010:  0028 0001 0000 ff70 cd1a 0a00 01fe e000
\t0x0020:  0012 2133 0701 0001 c9fc 0a00 01c8 0000
\t0x0030:  0000 0000 0000
1764425000.225000 IP 10.0.1.2 > 10.0.1.3: VRRPv3, Advertisement, vrid 51, prio 254, intvl 10cs, length 12
\t0x0000:  0268 6600 0004 0268 6600 0001 0800 45c0
\t0x0010:  0020 0001 0000 ff70 a3f5 0a00 0102 0a00
\t0x0020:  0103 3133 fe01 000a 0000 0a00 0164
1764425000.325000 IP6 fe80::1 > ff02::12: ip-proto-112 24
\t0x0000:  3333 0000 0012 0200 0000 0009 86dd 6000
\t0x0010:  0000 0018 70ff fe80 0000 0000 0000 0000
\t0x0020:  0000 0000 0001 ff02 0000 0000 0000 0000
\t0x0030:  0000 0000 0012 3135 6401 0064 0000 fd00
\t0x0040:  0001 0000 0000 0000 0000 0000 0100
1764425000.425000 IP 10.0.1.3 > 10.0.1.2: VRRPv15, unknown (15) type, length 26
\t0x0000:  0268 6600 0001 0268 6600 0004 0800 4500
\t0x0010:  002e 0001 4000 ff70 0000 0a00 0103 0a00
\t0x0020:  0102 ff00 0100 0000 0000 686f 6c64
1764425000.525000 IP 10.0.1.9 > 224.0.0.18: [|vrrp]
\t0x0000:  0100 5e00 0012 0268
`;

test("each advert is read with its router, its interval and what it announces; probes and fragments are none", () => {
  const heard = routersHeard(framesIn(printed));
  expect(heard.map(({ mac: _, times: __, ...each }) => each)).toEqual([
    {
      version: 2,
      virtualRouterId: 51,
      source: "10.0.1.254",
      priority: 7,
      interval: 1_000,
      addresses: ["10.0.1.200"],
    },
    {
      version: 3,
      virtualRouterId: 51,
      source: "10.0.1.2",
      priority: 254,
      interval: 100,
      addresses: ["10.0.1.100"],
    },
    {
      version: 3,
      virtualRouterId: 53,
      source: "fe80::1",
      priority: 100,
      interval: 1_000,
      addresses: ["fd00:1::100"],
    },
  ]);
  expect(heard[0]).toMatchObject({ mac: "02:68:66:00:00:0a", times: 1 });
});

test("a frame tagged for a VLAN is read behind its tag", () => {
  const [, frame] = framesIn(printed);
  const bytes = frame?.bytes ?? Buffer.alloc(0);
  const tagged = Buffer.concat([bytes.subarray(0, 12), Buffer.from([0x81, 0, 0, 7]), bytes.subarray(12)]);
  expect(ipPacketIn(tagged)).toMatchObject({ protocol: 112, source: "10.0.1.2", destination: "10.0.1.3" });
});

const { cluster, node } = subject("pair");
const switches = networkNamed(cluster, "switches");
const heard = (own: Partial<Heard>): Heard => ({
  ...{ virtualRouterId: 70, version: 2, source: "10.0.1.9", mac: "02:00:00:00:00:09", priority: 100 },
  ...{ interval: 1_000, addresses: ["10.0.1.200"], times: 4, ...own },
});
const judged = (...all: Heard[]) => shown(virtualRouters(cluster, node, switches, all, 4));

test("a stranger of the same id is an error, and an id is proposed that neither it nor the topology uses", () => {
  expect(judged(heard({ virtualRouterId: 51 }), heard({ virtualRouterId: 53 }))).toEqual([
    "error switches: virtual router 51 is somebody else's here too: 10.0.1.9 at 02:00:00:00:00:09 advertises 51 (VRRPv2, priority 100, every 1000 ms, 10.0.1.200) -> choose another networks.switches.virtual_router_id; 54 was not heard on this network",
    "ok switches: there is another virtual router, with an id of its own: 10.0.1.9 at 02:00:00:00:00:09 advertises 53 (VRRPv2, priority 100, every 1000 ms, 10.0.1.200)",
  ]);
});

test("our own nodes are no strangers, unless they speak for another router", () => {
  expect(judged(heard({ virtualRouterId: 51, source: "10.0.1.3" }))).toEqual([
    "ok switches: nobody else used virtual router 51 on eth1 for 4 s",
  ]);
  expect(judged(heard({ source: "10.0.1.3" }))[0]).toMatch(
    /^warning switches: a node of the cluster speaks for .* lb-b \(10\.0\.1\.3\)/,
  );
});

test("whoever announces one of our virtual IPs is an error whatever its id", () => {
  expect(judged(heard({ addresses: ["10.0.1.100"] }))[0]).toMatch(
    /^error switches: 10\.0\.1\.100, a virtual IP of the topology/,
  );
});

test("the capture leaves out what the nodes themselves send, and nothing else", () => {
  expect(strangersFilter(cluster, switches)).toBe(
    "(ip proto 112 or ip6 proto 112) and not ((src host 10.0.1.2 or src host 10.0.1.3) and ((ip and ip[((ip[0] & 0xf) << 2) + 1] = 51) or (ip6 and ip6[41] = 51)))",
  );
});

test("probes go where adverts will: unicast, on every network with a virtual IP, in its first family", () => {
  expect(probeLines(advertLinks(cluster, node))).toBe("10.0.1.2 10.0.1.3\n10.0.2.2 10.0.2.3\n");
  const dual = subject("dual-stack");
  const families = advertLinks(dual.cluster, dual.node).map(
    ({ network, peer, family }) => `${network} ${peer} ${family}`,
  );
  expect(families.every((each) => each.endsWith(" 4"))).toBe(true);
  expect(families.length).toBe(4);
});

test("what the probe heard, and where it could not speak", () => {
  const { received, refused } = parseProbe(
    "10.0.1.2 10.0.1.3 16\nfd00::2 fd00::3 0\n! fd00::2 fd00::3 Cannot assign requested address\n",
  );
  expect([...received]).toEqual([
    ["10.0.1.2 10.0.1.3", 16],
    ["fd00::2 fd00::3", 0],
  ]);
  expect([...refused]).toEqual([["fd00::2 fd00::3", "Cannot assign requested address"]]);
});

const link = { network: "switches", device: "eth1", peer: "lb-b", own: "10.0.1.2", address: "10.0.1.3" };
test.each<[string, Pick<AdvertsHeard, "received" | "seen" | "refused">, boolean, string, RegExp]>([
  ["heard", { received: 1, seen: 9, refused: null }, true, "ok", /arrives/],
  ["filtered here", { received: 0, seen: 9, refused: null }, true, "error", /dropped by this node's own/],
  [
    "never there",
    { received: 0, seen: 0, refused: null },
    true,
    "error",
    /no packet of protocol 112 comes from lb-b/,
  ],
  ["no capture", { received: 0, seen: null, refused: null }, true, "error", /no packet/],
  ["nobody sends", { received: 0, seen: 0, refused: null }, false, "unknown", /did not take part/],
  ["not bound", { received: null, seen: 0, refused: "no address" }, true, "unknown", /no address/],
])("protocol 112: %s", (_, own, peerProbes, status, text) => {
  const found = protocol112({ ...link, ...own }, peerProbes);
  expect(found.status).toBe(status);
  expect(found.text).toMatch(text);
});
