import { expect, test } from "vitest";
import { agreed } from "../../src/drill/about.js";

test("a program has one version where all machines agree, else each with its machine", () => {
  const installed = (machine: string, haproxy: string) => ({
    machine,
    versions: new Map([
      ["keepalived", "2.2.7"],
      ["haproxy", haproxy],
    ]),
  });
  expect(agreed([installed("lb-a", "2.6.12"), installed("lb-b", "3.0.11")])).toEqual({
    keepalived: "2.2.7",
    haproxy: "2.6.12 (lb-a), 3.0.11 (lb-b)",
  });
  expect(agreed([{ machine: "vpn-a", versions: new Map() }])).toEqual({});
});
