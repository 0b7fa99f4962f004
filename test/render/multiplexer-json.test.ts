import { expect, test } from "vitest";
import { mirrorsOf } from "../../src/mirror/mirrors-of.js";
import { doorIn, doorSeenByHaproxy, doorsOf } from "../../src/render/multiplexer-doors.js";
import { multiplexerJson } from "../../src/render/multiplexer-json.js";
import { paths } from "../../src/render/paths.js";
import { renderCluster } from "../../src/render/render.js";
import { inline, pair } from "../deploy/topologies.js";

test("the file names each service in its path by name, and where its sockets stand", () => {
  const both = inline(2);
  const [service] = both.services;
  if (service === undefined) throw new Error("the pair has a service");
  const document = multiplexerJson({ ...both, services: [service, { ...service, name: "a-first" }] });
  expect(JSON.parse(document ?? "")).toEqual({
    services: ["a-first", "openflow"].map((name) => ({
      name,
      directory: `/var/lib/haproxy/multiplexer/${name}`,
      master: { address: "10.0.2.30", port: 6653, queue: 4_194_304 },
      replies: "forward",
      writes: "forward",
      servers: service.servers.map(({ name, address, port }) => ({ name, address, port })),
    })),
  });
});

test("a node has it only where something is in the path, readable by all", () => {
  const file = (cluster: typeof pair) =>
    [...renderCluster(cluster).values()].map((files) =>
      files.find(({ path }) => path === paths.multiplexerJson),
    );
  expect(file(pair)).toEqual([undefined, undefined]);
  expect(file(inline())).toEqual(
    [0, 1].map(() => expect.objectContaining({ mode: 0o644, engine: "multiplexer" })),
  );
});

test("what is in the path is not captured beside it", () => {
  expect(mirrorsOf(inline())).toEqual([]);
  const tapped = inline().services.map((service) => ({
    ...service,
    mirror: service.mirror && { ...service.mirror, via: "tap" as const },
  }));
  expect(mirrorsOf({ ...pair, services: tapped })).toHaveLength(1);
});

test("a socket of the longest names has a path that the kernel takes, and one below HAProxy's root", () => {
  const name = "n".repeat(32);
  expect(Buffer.byteLength(doorIn(doorsOf(name), name))).toBeLessThanOrEqual(107);
  expect(doorSeenByHaproxy("openflow", "c1")).toBe("/multiplexer/openflow/c1.sock");
});

test("an audit stands in the file where a mirror asks for one", () => {
  const audit = { file: "/var/log/holdfast/openflow" };
  const services = inline().services.map((each) => ({
    ...each,
    mirror: each.mirror && { ...each.mirror, audit },
  }));
  const document = (cluster: typeof pair) => JSON.parse(multiplexerJson(cluster) ?? "").services[0];
  expect(document({ ...inline(), services })).toMatchObject({ audit });
  expect(document(inline())).not.toHaveProperty("audit");
});
