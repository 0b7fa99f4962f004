import { expect, test } from "vitest";
import { alarmFilter, recordFilter } from "../../../src/agent/wire/filter.js";
import { exampleCluster } from "../../render/examples.js";

test("a filter names every virtual IP of either family, and nothing that the operator chose freely", () => {
  const filter = recordFilter(exampleCluster("dual-stack"));
  const [four] = exampleCluster("dual-stack").virtualIps.flatMap(({ addresses }) => addresses);
  expect(filter).toContain(`src host ${four?.address}`);
  expect(filter).toMatch(
    /\(icmp6 and ip6\[40\] = 136 and ip6\[48:4\] = 0x[0-9a-f]{8} and ip6\[52:4\] = 0x[0-9a-f]{8} and ip6\[56:4\] = 0x[0-9a-f]{8} and ip6\[60:4\] = 0x[0-9a-f]{8}\)/,
  );
  expect(filter).toMatch(/^[a-z0-9 ():.[\]=]+$/);
});

test("the active node is woken only by what others send", () => {
  expect(alarmFilter(exampleCluster("pair"))).toMatch(/^inbound and \(/);
});
