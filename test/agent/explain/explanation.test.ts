import { describe, expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beat.js";
import { parseArrival } from "../../../src/agent/explain/address-watch.js";
import { explainText } from "../../../src/agent/explain/explain-text.js";
import { explanation, type RoleChange } from "../../../src/agent/explain/explanation.js";
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
  networks: { switches: { vrrp: "master", heard: [], peers: [] } },
});

/** What was captured on the network `switches`: every sighting but those of the other network. */
const onSwitches = (name: Capture): Sighting[] =>
  sightings(name).filter(({ addresses }) => addresses.some((each) => !each.startsWith("10.9.2.")));

const reportedAt = { take: "03:15:09.873", goodbye: "03:18:40.036", six: "03:18:45.001" };

function explained(name: Capture, more: Partial<RoleChange> = {}) {
  if (cluster === null) throw new Error("no cluster");
  const at = Date.parse(`2026-11-25T${reportedAt[name]}Z`);
  const change: RoleChange = {
    network: "switches",
    from: "backup",
    to: "master",
    at,
    sightings: onSwitches(name),
    addresses: [],
    beatsBefore: [{ beat: beat(), age: 80 }],
    beatsSince: [{ beat: beat(), age: 80 }],
    own: { yield: false, why: "fit" },
    plannedBy: null,
    ...more,
  };
  return explanation(cluster, node, change, nameOf);
}

describe("a failover", () => {
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
    expect(text).toBe("switchover lb-a -> lb-b on switches: a planned move, asked for by anna");
  });

  test("is known by the peer's stepping back without a fault", () => {
    const { text } = explained("goodbye", { beatsSince: [{ beat: beat([], true), age: -20 }] });
    expect(text).toBe("switchover lb-a -> lb-b on switches: lb-a steps back as planned");
  });
});

test("a node that stops being the owner says why in its own words, or whose advert it bowed to", () => {
  const own = { yield: true, why: "haproxy-gone; lb-a is less broken" };
  expect(explained("take", { from: "master", to: "fault", own }).text).toBe(
    "lb-b is fault on switches: this node yields: haproxy-gone; lb-a is less broken",
  );
  expect(explained("take", { from: "master", to: "backup" }).details.cause).toBe(
    "lb-a is preferred (priority 254)",
  );
});

test("a role that was there before the agent looked is not explained by guesses", () => {
  expect(explained("take", { from: null }).details).toMatchObject({ evidence: [], spans: [] });
});

test("an explained event reads as one line, one sum, and its evidence", () => {
  const { text, details } = explained("take");
  const event = { sequence: 1, at: "2026-11-25T03:15:09.873Z", node: "lb-b", kind: "role" as const, text };
  expect(explainText({ ...event, details: { ...details } })).toBe(
    [
      "03:15:09.873  failover lb-a -> lb-b on switches: lb-a lost power or every link (3 adverts missed)",
      "              +60.3 ms detect   +0.6 ms announced   = 61.0 ms",
      "              The last advert of lb-a had priority 254 and came from 10.9.1.2 at 76:b9:55:ae:63:0e, 03:15:09.809",
      "              The last beat of lb-a came at 03:15:09.793",
    ].join("\n"),
  );
});

test("an event of any shape can be shown, and cannot steer a terminal", () => {
  const event = { sequence: 1, at: "2026-11-25T03:15:09.873Z", node: "lb-b", kind: "drift" as const };
  const hostile = { evidence: ["a\u001b[2Jb", 7], spans: [{ what: 1 }, null] };
  expect(explainText({ ...event, text: "x\u0007", details: hostile })).toBe(
    "03:15:09.873  x?\n              a?[2Jb",
  );
});

test("the kernel's word on an address is read to the microsecond", () => {
  expect(
    parseArrival(
      "[2026-11-25T03:22:27.897032] 1: lo    inet 10.5.0.1/24 scope global lo\\  valid_lft forever",
    ),
  ).toEqual({ address: "10.5.0.1", at: expect.closeTo(Date.parse("2026-11-25T03:22:27.897Z") + 0.032, 2) });
  expect(
    parseArrival("[2026-11-25T03:22:27.903034] Deleted 1: lo    inet 10.5.0.1/24 scope global lo"),
  ).toBeNull();
});
