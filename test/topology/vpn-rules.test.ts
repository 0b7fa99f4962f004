import { describe, expect, test } from "vitest";
import { addressCases } from "./vpn-address-cases.js";
import { engineCases } from "./vpn-engine-cases.js";
import { allVpnRules, problemsOf, two } from "./vpn-networks.js";
import { serverCases } from "./vpn-rule-cases.js";

const cases = [...serverCases, ...addressCases, ...engineCases];

const edited = (text: string, [from, to]: readonly [string, string]): string => {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} times: ${from}`);
  return parts.join(to);
};

describe.each(cases)("$rule, $broken.1", ({ rule, of, broken, findings, legal }) => {
  test("finds what breaks it, at its place", () => {
    const asked = allVpnRules.filter(({ name }) => name === rule);
    expect(asked).toHaveLength(1);
    expect(problemsOf(edited(of, broken), asked)).toEqual(findings);
  });

  test("accepts what is next to it, as every rule does", () => {
    expect(problemsOf(edited(of, legal))).toEqual([]);
  });
});

test("a server that hears its clients by TCP has another port for its management", () => {
  const text = edited(two, ["address: 203.0.113.20,", "address: 203.0.113.20, proto: tcp, port: 5656,"]);
  expect(problemsOf(text)).toEqual([
    "vpn.servers[1].management.port: 5656 is where the server hears its clients; choose another, or a socket",
  ]);
});

test("every rule has a case", () => {
  const other = "vpn-management-port-is-free";
  expect(
    new Set([...cases.filter(({ findings }) => findings.length > 0).map(({ rule }) => rule), other]),
  ).toEqual(new Set(allVpnRules.map(({ name }) => name)));
});
