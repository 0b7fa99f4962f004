import { describe, expect, test } from "vitest";
import { layout } from "../../src/lab/layout.js";
import type { Layout } from "../../src/lab/layout-plan.js";
import { edited, example as exampleOf } from "./topology.js";

const draw = (example: string, switches = 2): Layout =>
  layout(exampleOf(example, example).cluster, { switches });
const names = ({ machines }: Layout) => machines.map(({ name }) => name);
const machine = (drawn: Layout, name: string) => drawn.machines.find((candidate) => candidate.name === name);
const addresses = (drawn: Layout, name: string) =>
  machine(drawn, name)?.ports.flatMap((port) => port.addresses.map(({ address }) => address));

test("every node and server stands there by its name, with a client on each network that has a virtual IP", () => {
  expect(names(draw("pair"))).toEqual([
    ...["lb-a", "lb-b", "c1", "c2", "c3", "client-switches", "client-controllers"],
    ...["switch-1", "switch-2", "host-1", "host-2"],
  ]);
});

test("without routes the switches stand beside the controller IP and know it", () => {
  const drawn = draw("pair");
  expect(machine(drawn, "switch-1")?.ports[0]?.segment).toBe("switches");
  expect(drawn.switches.map(({ controller }) => controller.address)).toEqual(["10.0.1.100", "10.0.1.100"]);
});

test("with routes the switches are spread behind the router and know the captured address", () => {
  const drawn = draw("campus-routed", 4);
  expect(
    drawn.machines.flatMap(({ kind, ports }) => (kind === "switch" ? ports.map((p) => p.segment) : [])),
  ).toEqual([...["192.168.10.0/24", "192.168.20.0/24", "192.168.10.0/24", "192.168.20.0/24"]]);
  expect(drawn.switches[0]?.controller).toEqual({ address: "10.0.2.10", port: 6653 });
  expect(addresses(drawn, "router")).toEqual(["10.0.1.1", "192.168.10.1", "192.168.20.1"]);
  expect(machine(drawn, "router")?.routes).toEqual([{ destination: "10.0.2.0/24", via: "10.0.1.100" }]);
});

test("the controllers' way out is the virtual IP on their network", () => {
  expect(machine(draw("campus-routed"), "c1")?.routes).toEqual([{ destination: "default", via: "10.0.2.1" }]);
});

test("a machine has a default route only in the families that it speaks", () => {
  expect(machine(draw("dual-stack"), "c1")?.routes).toEqual([{ destination: "default", via: "10.20.2.1" }]);
  expect(machine(draw("dual-stack"), "client-access")?.routes).toHaveLength(2);
});

test("a witness stands there, unless it is somebody else already; one that is out of reach is the router's address", () => {
  expect(addresses(draw("dual-stack"), "witness")).toEqual(["10.20.1.5"]);
  expect(names(draw("dual-stack")).filter((name) => name.startsWith("witness"))).toHaveLength(1);
  const beyond = edited(exampleOf("dual-stack", "beyond"), ["[10.20.1.5, ", "[192.168.22.7, "]);
  expect(addresses(layout(beyond.cluster, { switches: 0 }), "router")).toContain("192.168.22.7");
});

test("no address, port or MAC is given twice, not even in a lab of 200 switches", () => {
  const drawn = draw("campus-routed", 200);
  const ports = drawn.machines.flatMap((each) => each.ports);
  for (const values of [
    ports.flatMap((port) => port.addresses.map(({ address }) => address)),
    ports.map(({ name }) => name),
    ports.map(({ mac }) => mac),
    names(drawn),
  ])
    expect(new Set(values).size).toBe(values.length);
});

test("the same cluster gives the same lab", () => {
  expect(draw("dual-stack")).toEqual(draw("dual-stack"));
});

test("services that share a server's address share the machine, and each of its names leads there", () => {
  const pair = exampleOf("pair", "pair").cluster;
  const [service] = pair.services;
  if (service === undefined) throw new Error("pair has no service");
  const web = {
    ...service,
    name: "web",
    healthCheck: { ...service.healthCheck, type: "http" as const },
    servers: [
      {
        ...service.servers[0],
        name: "w1",
        family: 4 as const,
        address: "10.0.2.11",
        port: 80,
        weight: 1,
        backup: false,
      },
      {
        ...service.servers[0],
        name: "c2",
        family: 4 as const,
        address: "10.0.2.50",
        port: 80,
        weight: 1,
        backup: false,
      },
    ],
  };
  const drawn = layout({ ...pair, services: [service, web] }, { switches: 0 });
  expect(machine(drawn, "c1")).toMatchObject({
    aliases: ["w1"],
    listeners: [{ port: 6653 }, { kind: "http", port: 80 }],
  });
  expect(names(drawn)).toEqual(expect.arrayContaining(["openflow-c2", "web-c2"]));
  expect(machine(drawn, "web-c2")?.kind).toBe("echo");
});

describe("a master controller", () => {
  const to = (address: string, port = 6653, name = "central") => {
    const pair = exampleOf("pair", "pair").cluster;
    const services = pair.services.map((service) => ({
      ...service,
      mirror: { to: { name, family: 4 as const, address, port }, writes: "error" as const, queue: 1 },
    }));
    return layout({ ...pair, services }, { switches: 0 });
  };

  test("that is a host of the lab listens there", () => {
    expect(machine(draw("campus-routed"), "master")).toMatchObject({
      kind: "host",
      listeners: [{ kind: "master", port: 6653 }],
    });
  });

  test("that is no machine yet becomes one, by its own name and as the lab's master", () => {
    expect(machine(to("10.0.2.77"), "master")).toMatchObject({
      kind: "controller",
      aliases: ["central"],
      listeners: [{ kind: "master", port: 6653 }],
      ports: [{ addresses: [{ address: "10.0.2.77" }] }],
    });
  });

  test("that is a server listens beside it, and never in its place", () => {
    expect(machine(to("10.0.2.11", 6654), "c1")).toMatchObject({
      aliases: ["master", "central"],
      listeners: [
        { kind: "openflow", port: 6653 },
        { kind: "master", port: 6654 },
      ],
    });
    expect(machine(to("10.0.2.11"), "c1")?.listeners).toMatchObject([{ kind: "openflow", port: 6653 }]);
  });

  test("that no network of the lab has is nowhere in it", () => {
    expect(names(to("203.0.113.9"))).toEqual(names(draw("pair", 0)));
  });
});
