import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expert } from "../../bench/pairs/expert.js";
import { tutorial } from "../../bench/pairs/tutorial.js";
import { importText } from "../../src/cli/import-text.js";
import { importPair } from "../../src/import/import.js";
import { loadTopology } from "../../src/topology/load.js";
import { pairs, pairsRoot, writtenPair } from "./pairs.js";

const update = process.env.UPDATE_GOLDEN === "1";

describe.each(pairs)("%s", (name) => {
  const result = importPair(writtenPair(name));

  test("its topology and its list are the golden ones", () => {
    const golden = { "topology.golden": result.topology ?? "", "list.golden": importText(result, null) };
    for (const [file, body] of Object.entries(golden)) {
      const path = join(pairsRoot, name, file);
      if (update) writeFileSync(path, body);
      expect(body, file).toBe(readFileSync(path, "utf8"));
    }
  });

  test("whatever stands in no part of the topology has a place, and why", () => {
    for (const { file, line, what, why } of result.findings) {
      expect(line, `${file} ${what}`).toBeGreaterThan(0);
      expect(what).not.toBe("");
      expect(why, what).not.toBe("");
    }
  });
});

test("the benches' own pairs are the ones that are imported", () => {
  for (const [name, nodes] of Object.entries({ tutorial, expert })) {
    const { keepalived, haproxy } = writtenPair(name);
    expect(keepalived.map(({ text }) => text)).toEqual(
      ["lb-a", "lb-b"].map((node) => nodes[node]?.keepalived),
    );
    expect(haproxy?.text).toBe(nodes["lb-a"]?.haproxy);
  }
});

test("the expert's pair keeps its adverts, its identifiers and its addresses", () => {
  const { cluster } = loadTopology(importPair(writtenPair("expert")).topology ?? "");
  expect(cluster?.failover).toMatchObject({ profile: "fast", advertInterval: 20, preempt: false });
  expect(cluster?.networks).toMatchObject([{ virtualRouterId: 51 }, { virtualRouterId: 52 }]);
  expect(
    cluster?.nodes.map(({ interfaces }) => interfaces.map(({ addresses }) => addresses[0]?.address)),
  ).toEqual([
    ["10.0.1.2", "10.0.2.2"],
    ["10.0.1.3", "10.0.2.3"],
  ]);
});

test("the tutorial's pair is valid with what 'ip -o address' says, and has to be filled in without", () => {
  const pair = writtenPair("tutorial");
  expect(loadTopology(importPair(pair).topology ?? "").cluster?.networks.map(({ name }) => name)).toEqual([
    "vi-1",
    "eth2",
    "eth3",
  ]);
  const { topology, problems } = importPair({ ...pair, addresses: [] });
  expect(topology).toContain("FILL-IN");
  expect(problems.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual(
    Array.from({ length: 4 }, () => '"FILL-IN": not an IPv4 or IPv6 address'),
  );
});

test("a password is never repeated", () => {
  for (const name of pairs) {
    const result = importPair(writtenPair(name));
    expect(JSON.stringify(result)).not.toMatch(/hunter2|s3cret|1111/);
  }
});

test("files without anything that moves make no topology", () => {
  const { topology, refused } = importPair({
    keepalived: [{ file: "k.conf", text: "global_defs {\n router_id x\n}\n" }],
    ...{ addresses: [], haproxy: null, iptables: [] },
  });
  expect(topology).toBeNull();
  expect(refused).toContain("k.conf: there is no vrrp_instance with a virtual IP");
});
