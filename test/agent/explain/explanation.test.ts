import { describe, expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import { parseAddressMove } from "../../../src/agent/explain/address-watch.js";
import type { NetworkChange, RoleChange } from "../../../src/agent/explain/change.js";
import { explainText } from "../../../src/agent/explain/explain-text.js";
import { explanation } from "../../../src/agent/explain/explanation.js";
import type { Sighting } from "../../../src/agent/wire/sighting.js";
import { loadTopology } from "../../../src/topology/load.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { type Capture, sightings } from "../wire/captured.js";

const { cluster } = loadTopology(`
cluster: wire
networks:
  switches: { cidr: [10.9.1.0/24, "fd09:1::/64"] }
  servers: { cidr: 10.9.2.0/24 }
nodes:
  - { name: lb-a, interfaces: { switches: { device: eth1, address: [10.9.1.2, "fd09:1::2"] }, servers: { device: eth2, address: 10.9.2.2 } } }
  - { name: lb-b, interfaces: { switches: { device: eth1, address: [10.9.1.3, "fd09:1::3"] }, servers: { device: eth2, address: 10.9.2.3 } } }
failover: { profile: fast, advert_interval: 20ms }
virtual_ips:
  - { name: controller, network: switches, address: [10.9.1.100, "fd09:1::100"] }
  - { name: inside, network: servers, address: 10.9.2.100 }
services:
  - name: web
    listen: { virtual_ip: controller, port: 80 }
    mode: proxy
    health_check: { type: tcp }
    servers: [{ name: w1, address: 10.9.2.11, port: 80 }]
`);
if (cluster === null) throw new Error("the topology of this test is not valid");
const node = nodeNamed(cluster, "lb-b");
const nameOf = (address: string) =>
  cluster.nodes.find(({ interfaces }) =>
    interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)),
  )?.name ?? null;

const beat = (faults: readonly string[] = [], yielding = false): Beat => ({
  node: "lb-a",
  boot: 1,
  sequence: 1,
  severity: 0,
  faults,
  yielding,
  digest: "d",
  generation: null,
  unsettled: false,
  sync: null,
  networks: { switches: { vrrp: "master", heard: [], silent: [], peers: [] } },
});

/** What was captured on the network `switches`: every sighting but those of the other network. */
const onSwitches = (name: Capture): Sighting[] =>
  sightings(name).filter(({ addresses }) => addresses.some((each) => !each.startsWith("10.9.2.")));

const reportedAt = { take: "03:15:09.873", goodbye: "03:18:40.036", six: "03:18:45.001" };

type More = Partial<RoleChange> &
  Partial<Pick<NetworkChange, "addresses" | "departures" | "sightings" | "release">>;

function explained(
  name: Capture,
  { addresses = [], departures = [], sightings = onSwitches(name), release = null, ...more }: More = {},
) {
  if (cluster === null) throw new Error("no cluster");
  const at = Date.parse(`2026-11-25T${reportedAt[name]}Z`);
  const change: RoleChange = {
    from: "backup",
    to: "master",
    found: false,
    networks: [{ network: "switches", at, sightings, addresses, departures, release }],
    beatsBefore: [{ beat: beat(), age: 80 }],
    beatsSince: [{ beat: beat(), age: 80 }],
    lastMasters: new Map([["switches", "lb-a"]]),
    own: { yield: false, why: "fit" },
    plannedBy: null,
    ...more,
  };
  return explanation(cluster, node, change, nameOf);
}

/** Both networks of the power loss, in one sync group. */
const bothNetworks = (): NetworkChange[] => {
  const at = Date.parse(`2026-11-25T${reportedAt.take}Z`);
  const of = (network: string, seen: Sighting[]) => ({
    ...{ network, at, sightings: seen, addresses: [], departures: [], release: null },
  });
  const all = sightings("take");
  return [
    of("switches", onSwitches("take")),
    of(
      "servers",
      all.filter((each) => !onSwitches("take").includes(each)),
    ),
  ];
};

describe("a failover", () => {
  test("says what became of the sessions through the node before", () => {
    const release = {
      found: 1_000,
      released: 998,
      servers: { found: 0, released: 0 },
      milliseconds: 134,
      beyond: 0,
    };
    expect(explained("take", { release }).details.evidence).toContain(
      "998 sessions of the node before were released, all told within 134 ms; the holders of 2 did not answer",
    );
  });

  test("after silence on every network is a loss of power, with the adverts that were missed", () => {
    const { text, details } = explained("take");
    expect(text).toBe("failover lb-a -> lb-b on switches: lb-a lost power or every link (3 adverts missed)");
    expect(details.evidence).toEqual([
      "The last advert of lb-a had priority 254 and came from 10.9.1.2 at 76:b9:55:ae:63:0e, 03:15:09.809",
      "The last beat of lb-a came at 03:15:09.793",
    ]);
  });

  test("has every millisecond attributed that was seen, and none that was not", () => {
    const addresses = [Date.parse("2026-11-25T03:15:09.870Z") + 0.355];
    expect(explained("take", { addresses }).details.spans).toEqual([
      { what: "detect", milliseconds: 60.34 },
      { what: "address", milliseconds: 0.4 },
      { what: "announced", milliseconds: 0.24 },
    ]);
    expect(explained("take").details.spans).toEqual([
      { what: "detect", milliseconds: 60.34 },
      { what: "announced", milliseconds: 0.64 },
    ]);
    const late = addresses.map((at) => at + 5);
    expect(explained("take", { addresses: late }).details.spans).toEqual(explained("take").details.spans);
    expect(explained("take", { sightings: [] }).details.spans).toEqual([]);
  });

  test.each([
    [["keepalived-gone"], "lb-a's keepalived ended (3 adverts missed)"],
    [["interface-down:switches"], "lb-a's link to switches is down (3 adverts missed)"],
  ])("is explained by the peer's own words: %s", (faults, cause) => {
    expect(explained("take", { beatsSince: [{ beat: beat(faults), age: -300 }] }).details.cause).toBe(cause);
  });

  test("of a peer that lives but is not heard is no loss of power", () => {
    const { cause, evidence } = explained("take", { beatsSince: [{ beat: beat(), age: -2_000 }] }).details;
    expect(cause).toBe("lb-a lives, but its adverts no longer arrive (3 adverts missed)");
    expect(evidence).toContain("Beats of lb-a go on");
  });

  test("of a peer that is back already is a loss of power all the same", () => {
    const back = { ...beat(), boot: 2 };
    const { cause, evidence } = explained("take", { beatsSince: [{ beat: back, age: -2_000 }] }).details;
    expect(cause).toBe("lb-a lost power or every link (3 adverts missed)");
    expect(evidence).toContain("The last beat of lb-a came at 03:15:09.793");
  });

  test("counts to an answer only where somebody asked at once", () => {
    const answer = (after: number): Sighting => ({
      ...{ kind: "traffic", outgoing: true, addresses: ["10.9.1.100"] },
      at: Date.parse(`2026-11-25T${reportedAt.take}Z`) + after,
    });
    const spansAfter = (after: number) =>
      explained("take", { sightings: [...onSwitches("take"), answer(after)] }).details.spans;
    expect(spansAfter(5).at(-1)?.what).toBe("first answer");
    expect(spansAfter(1_500).at(-1)?.what).toBe("announced");
  });

  test("after a goodbye counts from the goodbye, over IPv6 too", () => {
    const four = explained("goodbye", { beatsSince: [{ beat: beat(["haproxy-gone"], true), age: -20 }] });
    expect(four.text).toBe("failover lb-a -> lb-b on switches: lb-a yields: haproxy-gone");
    expect(four.details.evidence[0]).toMatch(
      /^lb-a said goodbye \(an advert of priority 0\) from 10\.9\.1\.2/,
    );
    expect(four.details.spans[0]).toEqual({ what: "detect", milliseconds: 1.84 });
    expect(explained("six").details).toMatchObject({
      cause: "lb-a gave the virtual IPs up",
      spans: [
        { what: "detect", milliseconds: 0.42 },
        { what: "announced", milliseconds: 2.1 },
      ],
    });
  });
});

describe("a switchover", () => {
  test("names who asked for it, where this node was asked", () => {
    const { text } = explained("goodbye", { plannedBy: "anna" });
    expect(text).toBe("switchover lb-a -> lb-b on switches: asked for by anna");
  });

  test("is known by the peer's stepping back without a fault", () => {
    const { text } = explained("goodbye", { beatsSince: [{ beat: beat([], true), age: -20 }] });
    expect(text).toBe("switchover lb-a -> lb-b on switches: lb-a steps back as planned");
  });
});

test("networks that moved together are one event, with the gap of the slowest and what each one showed", () => {
  const { text, details } = explained("take", { networks: bothNetworks() });
  expect(text).toBe("failover lb-a -> lb-b: lb-a lost power or every link (3 adverts missed)");
  expect(details.networks.map(({ network }) => network)).toEqual(["switches", "servers"]);
  const sums = details.networks.map(({ spans }) =>
    spans.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  );
  const told = details.spans.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  expect(told).toBe(Math.max(...sums));
  expect(details).toMatchObject({ move: "failover", by: null, from: "backup", to: "master" });
});

test("a node that stops being the owner says why in its own words, or whose advert it bowed to", () => {
  const own = { yield: true, why: "haproxy-gone; lb-a is fit" };
  expect(explained("take", { from: "master", to: "fault", own }).text).toBe(
    "lb-b gives the virtual IPs up on switches: haproxy-gone; lb-a is fit",
  );
  expect(explained("take", { from: "master", to: "backup" }).text).toBe(
    "lb-b no longer owns the virtual IPs on switches: lb-a is preferred (priority 254)",
  );
});

test("a role that was there before the agent looked is not explained by guesses", () => {
  const { text, details } = explained("take", { from: null, found: true });
  expect(text).toBe("lb-b owns the virtual IPs on switches: so it was when the agent began to look");
  expect(details).toMatchObject({ evidence: [], spans: [], move: null });
});

test("an explained event reads as one line, one sum, and its evidence", () => {
  const { text, details } = explained("take", { networks: bothNetworks() });
  const event = { sequence: 1, at: "2026-11-25T03:15:09.873Z", node: "lb-b", kind: "role" as const, text };
  const lines = explainText({ ...event, details: { ...details } }, 4).split("\n");
  expect(lines).toEqual([
    "2026-11-25 03:15:09.873Z  lb-b  role         failover lb-a -> lb-b: lb-a lost power or every link (3 adverts missed)",
    expect.stringMatching(/^ {26}\+60\.\d ms detect {3}\+\d\.\d ms announced {3}= 6\d\.\d ms$/),
    expect.stringMatching(/^ {26}The last advert of lb-a had priority 254 and came from 10\.9\.[12]\.2 at /),
    expect.stringMatching(/^ {26}The last beat of lb-a came at 03:15:09\.79\d$/),
  ]);
});

test("an event of any shape can be shown, and cannot steer a terminal", () => {
  const event = { sequence: 1, at: "2026-11-25T03:15:09.873Z", node: "lb-b", kind: "drift" as const };
  const hostile = { evidence: ["a\u001b[2Jb", 7], spans: [{ what: 1 }, null], diff: "-old\n+n\u0007w\n" };
  expect(explainText({ ...event, text: "x\u0007", details: hostile }, 4).split("\n")).toEqual([
    "2026-11-25 03:15:09.873Z  lb-b  drift        x?",
    `${" ".repeat(26)}a?[2Jb`,
    `${" ".repeat(26)}-old`,
    `${" ".repeat(26)}+n?w`,
  ]);
});

test("the kernel's word on an address is read to the microsecond", () => {
  expect(
    parseAddressMove(
      "[2026-11-25T03:22:27.897032] 1: lo    inet 10.5.0.1/24 scope global lo\\  valid_lft forever",
    ),
  ).toEqual({
    address: "10.5.0.1",
    at: expect.closeTo(Date.parse("2026-11-25T03:22:27.897Z") + 0.032, 2),
    gone: false,
  });
  expect(
    parseAddressMove("[2026-11-25T03:22:27.903034] Deleted 1: lo    inet 10.5.0.1/24 scope global lo"),
  ).toMatchObject({ address: "10.5.0.1", gone: true });
  expect(parseAddressMove("[2026-11-25T03:22:27.903034] nonsense")).toBeNull();
});

describe("where the wire was not watched in time", () => {
  const returned = { sightings: [], lastMasters: new Map([["switches", "lb-a"]]) };

  test("a peer that yields is named with its reason, though it no longer says that it was master", () => {
    const yields = { ...beat(["maintenance"], true), networks: {} };
    const { text } = explained("goodbye", {
      ...returned,
      beatsBefore: [{ beat: yields, age: 20 }],
      beatsSince: [{ beat: yields, age: -200 }],
    });
    expect(text).toBe("failover lb-a -> lb-b on switches: lb-a yields: maintenance");
  });

  test("nobody else was heard only where no peer ever said that it was master", () => {
    expect(explained("goodbye", { ...returned, lastMasters: new Map() }).text).toContain(
      "nobody else was heard",
    );
  });
});

describe("a virtual IP that somebody took from the interface", () => {
  const at = Date.parse(`2026-11-25T${reportedAt.goodbye}Z`);
  const loss = (to: string, milliseconds: number) =>
    explained("goodbye", {
      ...{ from: "master", to, sightings: [] },
      departures: [{ address: "10.9.1.100", at: at + milliseconds, gone: true }],
    }).text;

  test("is why keepalived stepped back, where it left before keepalived said so", () => {
    expect(loss("backup", -11)).toBe(
      "lb-b no longer owns the virtual IPs on switches: 10.9.1.100 was removed from this node's interface, not by keepalived",
    );
  });

  test("is not, where keepalived itself took it away afterwards, or the link went down", () => {
    expect(loss("backup", 3)).toContain("keepalived's own election");
    expect(loss("fault", -11)).toContain("keepalived found an interface of this node down");
  });
});
