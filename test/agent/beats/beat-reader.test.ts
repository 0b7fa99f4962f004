import { describe, expect, test } from "vitest";
import { type Beat, encode } from "../../../src/agent/beats/beat.js";
import { BeatReader } from "../../../src/agent/beats/beat-reader.js";

const beat: Beat = {
  ...{ node: "lb-b", boot: 1_700_000_000_000, sequence: 9, severity: 0, faults: [], yielding: false },
  ...{ generation: null, unsettled: false, sync: null, digest: "0123456789ab" },
  networks: { switches: { vrrp: "backup", heard: ["10.0.1.254"], silent: [], peers: ["lb-a"] } },
};
const datagram = (of: Beat): Buffer => Buffer.from(encode(of));

describe("of datagrams in a row", () => {
  test("each is read as it would be alone", () => {
    const reader = new BeatReader();
    const broken: Beat = { ...beat, severity: 50, faults: ["haproxy"] };
    const row = [
      beat,
      beat,
      { ...beat, sequence: 10 },
      { ...broken, sequence: 11 },
      { ...broken, sequence: 12 },
    ];
    for (const one of [...row, beat]) expect(reader.read(datagram(one))).toEqual(one);
  });

  test("rubbish is no beat, and spoils none", () => {
    const reader = new BeatReader();
    reader.read(datagram(beat));
    const text = encode({ ...beat, sequence: 10 });
    for (const bad of ["", "{", text.slice(0, -1), text.replace("10", "-1"), text.replace(":10,", ":1e1.,")])
      expect(reader.read(Buffer.from(bad))).toBeNull();
    expect(reader.read(Buffer.from(text))?.sequence).toBe(10);
  });

  test("a count that is not the sender's own is not taken for it", () => {
    const reader = new BeatReader();
    const within = (other: number, own: number) =>
      reader.read(
        Buffer.from(encode({ ...beat, sequence: own }).replace("{", `{"x":{"sequence":${other},"y":1},`)),
      );
    expect(within(3, 9)?.sequence).toBe(9);
    expect(within(4, 9)?.sequence).toBe(9);
  });
});
