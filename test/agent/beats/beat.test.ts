import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Beat, decode, encode, longestBeat } from "../../../src/agent/beats/beat.js";

const beat: Beat = {
  node: "lb-a",
  boot: 1_764_000_000_000,
  sequence: 7,
  severity: 1_000,
  faults: ["network-dead:switches"],
  yielding: true,
  generation: { number: 12, digest: "a1b2c3d4e5f6" },
  unsettled: true,
  digest: "3fa9c1b77e02",
  sync: { instance: 1_764_000_000_123, epoch: null, entries: 1_204, pending: true },
  networks: {
    switches: { vrrp: "master", heard: ["10.0.1.1", "fd00:1::1"], silent: [], peers: ["lb-b"] },
    management: { vrrp: null, heard: [], silent: [], peers: [] },
  },
};

describe("a beat", () => {
  test("arrives as it was sent", () => {
    expect(decode(encode(beat))).toEqual(beat);
  });

  test("of a program that says nothing of generations and sync arrives without", () => {
    const { generation: _, unsettled: __, sync: ___, ...older } = beat;
    const sent = JSON.stringify({ version: 1, ...older });
    expect(decode(sent)).toEqual({ ...beat, generation: null, unsettled: false, sync: null });
  });

  test("with all its networks full stays within its bound", () => {
    const names = Array.from({ length: 12 }, (_, index) => `network-with-a-long-name-${index}`);
    const heard = ["2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:7777"];
    const full = {
      ...beat,
      networks: Object.fromEntries(
        names.map((name) => [name, { vrrp: null, heard, silent: [], peers: ["lb-b"] }]),
      ),
    };
    expect(Buffer.byteLength(encode(full))).toBeLessThan(longestBeat);
    expect(decode(encode(full))).toEqual(full);
  });
});

describe("what is not a beat is refused", () => {
  test("whatever text arrives", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => decode(text) === null));
  });

  test("whatever JSON arrives", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => decode(JSON.stringify(value)) === null));
  });

  const wrong: [string, Record<string, unknown>][] = [
    ["another version", { version: 2 }],
    ["a negative severity", { severity: -1 }],
    ["a fractional sequence", { sequence: 1.5 }],
    ["a generation without a digest", { generation: { number: 3 } }],
    ["a generation whose digest could upset a terminal", { generation: { number: 3, digest: "\u001b[2J" } }],
    ["a name with a newline", { node: "lb-a\n" }],
    ["a fault with an escape sequence", { faults: ["\u001b[2J"] }],
    ["more faults than there can be", { faults: Array.from({ length: 33 }, () => "x") }],
    ["a network that is no object", { networks: { switches: 1 } }],
    [
      "a role that keepalived does not know",
      { networks: { switches: { vrrp: "king", heard: [], silent: [], peers: [] } } },
    ],
    [
      "a network named like a prototype",
      { networks: JSON.parse('{"__proto__":{"vrrp":null,"heard":[],"peers":[]}}') },
    ],
    ["missing networks", { networks: undefined }],
  ];
  test.each(wrong)("%s", (_name, change) => {
    expect(decode(JSON.stringify({ version: 1, ...beat, ...change }))).toBeNull();
  });

  test("a datagram longer than its bound", () => {
    expect(decode(JSON.stringify({ version: 1, ...beat, padding: "x".repeat(longestBeat) }))).toBeNull();
  });
});
