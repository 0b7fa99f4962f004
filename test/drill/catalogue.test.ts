import { describe, expect, test } from "vitest";
import { catalogue, safeDrills } from "../../src/drill/catalogue.js";
import type { Drill } from "../../src/drill/drill.js";
import { balancerDrills } from "../../src/drill/offered.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { campus } from "./campus.js";

const situation = {
  active: "lb-b",
  standby: "lb-a",
  network: "switches",
  busiestServer: { machine: "c2", sessions: 5 },
};

const at = (advertInterval: number): Cluster => ({
  ...campus,
  failover: { ...campus.failover, advertInterval },
});
const named = (name: string): Drill => {
  const drill = catalogue.find((candidate) => candidate.name === name);
  if (!drill) throw new Error(`no drill ${name}`);
  return drill;
};

describe("the catalogue", () => {
  test("names each drill once, as the command line takes it", () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });

  test.each(catalogue)("$name waits longer than the outage it allows", (drill) => {
    const expected = drill.expect(campus, situation);
    expect(drill.deadline).toBeGreaterThan(expected.serviceOutageAtMost);
    expect((drill.lasts ?? 0) + drill.watch(campus)).toBeLessThan(drill.deadline);
  });

  test("breaks the node that is active or stands by now, whichever is preferred", () => {
    expect(catalogue.map(({ fault }) => fault.on(situation).text)).toEqual([
      "lb-b off",
      "SIGKILL of haproxy on lb-b",
      "SIGSTOP of haproxy on lb-b",
      "SIGTERM of haproxy on lb-b",
      "reload of haproxy on lb-b",
      "SIGKILL of keepalived on lb-b",
      "SIGKILL of keepalived on lb-b, and it is not started again",
      "SIGTERM of keepalived on lb-b",
      "SIGSTOP of keepalived on lb-b",
      "link lb-b - switches down",
      "lb-b - switches passes nothing",
      "SIGKILL of controller on c2",
      "SIGSTOP of controller on c2",
      "controller on c2: 2000 ms still, 1000 ms not",
      "controller on c2: 100 ms still, 100 ms not",
      "SIGKILL of every controller",
      "SIGKILL of holdfast-agent on lb-b",
      "SIGKILL of conntrackd on lb-b",
      "every process of lb-b stopped, and let go on",
      "2 busy loops on lb-b for 5 s",
      "/etc/haproxy/haproxy.cfg on lb-b edited",
      "/etc/keepalived/keepalived.conf on lb-b overwritten with garbage",
      "a foreign rule in HOLDFAST-FORWARD on lb-b",
      "the first rule of HOLDFAST-INPUT on lb-b deleted",
      "/etc/haproxy on lb-a is read-only, and a change is applied",
      "/etc/haproxy/haproxy.cfg on lb-b cannot be replaced, and a change is applied",
      "the certificate of lb-b expires in 2 s",
      "the connection table of lb-b emptied",
      "every source port towards one machine taken on lb-b",
      "200 connections that say nothing",
      "500 SYN a second for 5 s",
      "lb-a off",
      "link lb-a - switches down",
      "adverts pass nowhere",
      "lb-b and lb-a apart",
      "lb-b is cut off from everybody",
      "lb-b is cut off where no virtual IPs are",
      "lb-b is not heard on switches",
      "lb-b hears nothing of switches",
      "lb-b is not heard where virtual IPs are",
      "10 % lost on lb-b - switches",
      "30 % lost on lb-b - switches",
      "client-switches sends adverts of priority 100 on switches",
      "client-switches sends adverts of priority 255 on switches",
      "lb-b off, announcements pass nowhere",
      "lb-b out of service",
      "lb-b -> lb-a",
    ]);
  });

  test("offers nothing to a cluster that has not what is struck", () => {
    const left = (cluster: Cluster) =>
      balancerDrills(campus)
        .filter((drill) => !balancerDrills(cluster).includes(drill))
        .map(({ name }) => name);
    expect(left({ ...campus, services: [] })).toEqual([
      ...[
        "controller-crash",
        "controller-freeze",
        "controller-flapping",
        "controller-slow",
        "controllers-dead",
      ],
      ...["disk-read-only", "commit-refused", "slow-openers", "syn-flood"],
    ]);
    const addresses = [{ family: 6 as const, address: "2001:db8::100", prefix: 64 }];
    const ipv6 = campus.virtualIps.map((each) => ({ ...each, addresses }));
    expect(left({ ...campus, virtualIps: ipv6 })).toEqual(["vrid-stranger", "vrid-rogue"]);
    expect(balancerDrills(campus)).not.toContain(named("management-cut"));
    const virtualIps = campus.virtualIps.slice(0, 1);
    expect(balancerDrills({ ...campus, virtualIps })).toContain(named("management-cut"));
  });

  test("only what agents do when they are asked is safe on a cluster in production", () => {
    expect(safeDrills.map(({ name }) => name)).toEqual(["maintenance", "switchover"]);
    expect(catalogue.filter(({ safe }) => safe)).toEqual(safeDrills);
  });
});

describe("an expectation", () => {
  test("of a power loss follows the adverts: three of them, the skew, and what a takeover takes", () => {
    expect(named("power-loss").expect(at(20), situation).addressOutageAtMost).toBeCloseTo(60.23 + 25, 1);
    expect(named("power-loss").expect(at(1_000), situation).addressOutageAtMost).toBeCloseTo(3_011.7 + 25, 1);
  });

  test("of a dead path is a second, or what the standby waits where the goodbye cannot pass", () => {
    expect(named("path-dead").expect(at(20), situation).addressOutageAtMost).toBe(1_000);
    expect(named("path-dead").expect(at(1_000), situation).addressOutageAtMost).toBeGreaterThan(3_000);
  });

  test("of a crash of HAProxy is that nothing moves where it only checks servers", () => {
    const { services } = at(20);
    const translated = { ...at(20), services: services.map((one) => ({ ...one, mode: "nat" as const })) };
    expect(named("haproxy-crash").expect(translated, situation).ownerChanges).toBe(0);
  });

  test("of a frozen node is that it takes back what it had only where it is preferred", () => {
    const of = (active: string, standby: string) =>
      named("node-freeze").expect(at(20), { ...situation, active, standby });
    expect(of("lb-a", "lb-b").ownerChanges).toBe(2);
    expect(of("lb-b", "lb-a").ownerChanges).toEqual({ least: 1, most: 2 });
    expect(of("lb-a", "lb-b").twoOwnersAtMost).toBe(45);
  });

  test("of a reload of HAProxy is that sessions end with the old worker, where HAProxy carries any", () => {
    const { services } = at(20);
    const translated = { ...at(20), services: services.map((one) => ({ ...one, mode: "nat" as const })) };
    expect(named("haproxy-reload").expect(at(20), situation).sessionsLostAtMost).toBeNull();
    expect(named("haproxy-reload").expect(translated, situation).sessionsLostAtMost).toBe(0);
  });

  test("of a dead controller moves nothing, and ends only that controller's sessions", () => {
    expect(named("controller-crash").expect(campus, situation)).toMatchObject({
      ownerChanges: 0,
      sessionsLostAtMost: 5,
      serviceOutageAtMost: 4_050,
    });
  });
});
