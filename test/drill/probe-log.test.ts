import { describe, expect, test } from "vitest";
import { greetedAt, replyAt } from "../../src/drill/probe-log.js";

describe("a line of fping", () => {
  test("with a reply gives the moment in milliseconds", () => {
    expect(replyAt("[1795564793.19098] 10.9.0.2 : [0], 20 bytes, 0.044 ms (0.044 avg, 0% loss)")).toBeCloseTo(
      1795564793190.98,
      2,
    );
    expect(replyAt("[1795564769.05030] fd09::2 : [12], 20 bytes, 0.034 ms (0.034 avg, 0% loss)")).toBeCloseTo(
      1795564769050.3,
      2,
    );
  });

  test.each([
    "[1795564801.91788] 10.9.0.2 : [1372], timed out (0.010 avg, 0% loss)",
    "10.9.0.2 : xmt/rcv/%loss = 296/296/0%, min/avg/max = 0.014/0.038/0.101",
    "ICMP Host Unreachable from 10.9.0.1 for ICMP Echo sent to 10.9.0.2",
    "",
  ])("without a reply counts for nothing: %s", (line) => {
    expect(replyAt(line)).toBeNull();
  });
});

test("a line of the service probe gives the moment of the greeting", () => {
  expect(greetedAt('{"at":1795565030511.8745}')).toBe(1795565030511.8745);
  expect(greetedAt("Warning: something else")).toBeNull();
});
