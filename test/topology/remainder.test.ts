import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { formatPath } from "../../src/topology/path.js";
import { edited, example, sentence, shown } from "./examples.js";
import { type Field, fieldsOf } from "./fields.js";

/** A string that no field of the schema accepts. */
const wrong = "\u0007";

test("a wrong value does not hide what breaks rules elsewhere", () => {
  const text = edited(
    "pair",
    ["10.0.1.3", "10.0.5.3"],
    ["address: 10.0.2.11", "address: 010.0.2.11"],
    ["name: c3", "name: c2"],
  );
  expect(shown(text)).toEqual([
    "19:45 nodes[1].interfaces.switches.address: 10.0.5.3 is outside 10.0.1.0/24 (network switches)",
    '38:30 services[0].servers[0].address: "010.0.2.11": leading zeros are ambiguous (octal or decimal); write the numbers without them',
    "40:17 services[0].servers[2].name: another server is named c2",
  ]);
});

test("of the only virtual IP and one of two nodes, a wrong value hides nothing either", () => {
  const text = edited(
    "pair",
    ["cluster: campus", "cluster: Campus"],
    ["name: lb-a", "name: LB"],
    ["  - { name: gateway,       network: controllers, address: 10.0.2.1 }\n", ""],
    ["address: 10.0.1.100", "address: 10.0.1"],
    ["10.0.9.3", "10.0.9.255"],
  );
  expect(shown(text).map((line) => line.replace(/: .*/, ""))).toEqual([
    "4:10 cluster",
    "12:11 nodes[0].name",
    "21:45 nodes[1].interfaces.management.address",
    "28:59 virtual_ips[0].address",
  ]);
});

test.each(["pair", "campus-routed", "dual-stack"])(
  "one wrong value in %s, whichever it is, makes up no other problem",
  { timeout: 60_000 },
  (name) => {
    for (const field of fieldsOf(example(name))) {
      const { cluster, problems } = loadTopology(field.holding(wrong));
      expect(cluster).toBeNull();
      expect(problems.map(({ rule, position }) => [rule, position])).toEqual([["schema", field.position]]);
    }
  },
);

test("one more wrong value, whichever it is, hides only what the same part of the file is about", {
  timeout: 60_000,
}, () => {
  const file = edited(
    "campus-routed",
    ["10.0.9.3", "10.0.8.3"],
    ["192.168.20.0/24", "192.168.10.0/24"],
    ["network: edge,        address: 10.0.1.100", "network: edge,        address: 10.0.1.2"],
    ["fall: 3 }", "fall: 3, timeout: 2s }"],
    ["name: c3", "name: c1"],
  );
  /** Where each problem is, and the parts of the file that it is about. */
  const about = new Map([
    ["nodes[1].interfaces.management.address", ["networks.management", "nodes[1]"]],
    ["routes[1].destination", ["routes[0]", "routes[1]"]],
    ["virtual_ips[0].address", ["virtual_ips[0]", "nodes[0]"]],
    ["services[0].health_check.timeout", ["services[0]"]],
    ["services[0].servers[2].name", ["services[0]"]],
  ]);
  const before = loadTopology(file).problems.filter(({ path }) => about.has(path));
  expect(before.map(({ path }) => path)).toEqual([...about.keys()]);
  const hidden = (field: Field): string[] => {
    const after = loadTopology(field.holding(wrong)).problems;
    const known = new Set(before.map(sentence));
    expect(after.filter((problem) => problem.rule !== "schema" && !known.has(sentence(problem)))).toEqual([]);
    const left = new Set(after.map(({ path, rule }) => `${rule} ${path}`));
    return before.filter(({ path, rule }) => !left.has(`${rule} ${path}`)).map(({ path }) => path);
  };
  for (const field of fieldsOf(file)) {
    const at = formatPath(field.path);
    const unrelated = hidden(field).filter((path) => !about.get(path)?.some((part) => at.startsWith(part)));
    expect([at, unrelated]).toEqual([at, []]);
  }
});
