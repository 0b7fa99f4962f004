import { describe, expect, test } from "vitest";
import { nextStep, take } from "../../bench/vpn-storm-steps.js";
import { whereabouts } from "../../src/drill/vpn/client-log.js";
import { disagreements, type Sight, type World } from "../../src/drill/vpn/world.js";
import { numbers } from "../lab/random-applies.js";

const world = (): World => ({
  cuts: new Set(),
  servers: ["a", "b"].map((letter, index) => ({
    ...{
      name: `vpn-${letter}`,
      addresses: [`203.0.113.${index}`],
      backbone: `10.200.200.${index}`,
      on: true,
      device: "tun0",
    },
    ranges: [`10.100.10${index}.0/24`],
  })),
  clients: [
    { name: "one", fixed: ["10.100.200.1"], networks: [], behind: [], running: true },
    { name: "two", fixed: [], networks: [], behind: [], running: true },
  ],
});

const sight = (): Sight => ({
  clients: new Map([
    ["one", { server: "vpn-a", addresses: ["10.100.200.1"] }],
    ["two", { server: "vpn-b", addresses: ["10.100.101.2"] }],
  ]),
  servers: new Map([
    ["vpn-a", { routes: ["10.100.200.1 here", "10.100.101.0/24 vpn-b"], sessions: ["vpn-b"] }],
    ["vpn-b", { routes: ["10.100.200.1 vpn-a", "10.100.100.0/24 vpn-a"], sessions: ["vpn-a"] }],
  ]),
  answered: new Map([
    ["one", new Set(["10.100.101.2"])],
    ["two", new Set(["10.100.200.1"])],
  ]),
});

describe("the storm's own truth", () => {
  test("agrees with what is so", () => {
    expect(disagreements(world(), sight())).toEqual([]);
  });

  test("finds the route and the answer of a client that has gone", () => {
    const after = world();
    take(after, { kind: "leave", client: "one", signal: "SIGKILL" });
    expect(disagreements(after, sight())).toEqual([
      "route on vpn-a: 10.100.200.1 here: should not be",
      "route on vpn-b: 10.100.200.1 vpn-a: should not be",
      "two (vpn-b) reaches 10.100.200.1: should not be",
    ]);
  });

  test("wants nothing to pass between two servers that are cut off from each other", () => {
    const after = world();
    take(after, { kind: "cut", server: "vpn-b", other: "vpn-a" });
    expect(disagreements(after, sight())).toHaveLength(2 + 3 + 2);
  });

  test("takes no client's word that is on a server without power", () => {
    const after = world();
    take(after, { kind: "power off", server: "vpn-a" });
    expect(disagreements(after, sight())).toContain("one is connected to vpn-a, which has no power");
  });

  test("has the same steps for the same seed, each of which can happen", () => {
    const run = () => {
      const [current, random] = [world(), numbers(7)];
      return Array.from({ length: 200 }, () => {
        const step = nextStep(current, random);
        take(current, step);
        return step;
      });
    };
    expect(run()).toEqual(run());
    expect(new Set(run().map(({ kind }) => kind))).toEqual(
      new Set(["connect", "leave", "roam", "cut", "heal", "kill"]), // Two servers: neither goes.
    );
  });
});

test("a client's log says where it is, and that it is nowhere", () => {
  const servers = new Map([["203.0.113.10", "vpn-a"]]);
  const up = `[vpn-a] Peer Connection Initiated with [AF_INET]203.0.113.10:1194
PUSH: Received control message: 'PUSH_REPLY,topology subnet,ifconfig-ipv6 fd00:100::c8:1/64 fd00:100::c8:1,ifconfig 10.100.200.1 255.255.0.0,peer-id 0'
Initialization Sequence Completed
`;
  const there = { server: "vpn-a", addresses: ["fd00:100::c8:1", "10.100.200.1"] };
  expect(whereabouts(up, servers)).toEqual(there);
  expect(whereabouts(`${up}[vpn-a] Inactivity timeout (--ping-restart), restarting\n`, servers)).toBeNull();
  expect(whereabouts(`${up}SIGUSR1[soft,ping-restart] received, process restarting\n${up}`, servers)).toEqual(
    there,
  );
});
