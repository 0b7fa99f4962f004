import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sightingOf } from "../../../src/agent/wire/frame.js";
import { NotPcap, PcapReader } from "../../../src/capture/pcap.js";
import { formatIp } from "../../../src/topology/address.js";
import { captured, sightings } from "./captured.js";

const a = "76:b9:55:ae:63:0e";
const b = "36:58:eb:8a:a3:05";

describe("a captured packet", () => {
  test("with a peer's advert tells who holds the virtual IPs, how strongly, and which", () => {
    expect(sightings("take")[1]).toEqual({
      kind: "advert",
      at: expect.closeTo(Date.parse("2026-11-25T03:15:09.789Z") + 0.488, 2),
      mac: a,
      source: "10.9.1.2",
      priority: 254,
      outgoing: false,
      addresses: ["10.9.1.100"],
    });
  });

  test("with this node's own first advert is known as its own", () => {
    expect(sightings("take").find(({ outgoing }) => outgoing)).toMatchObject({
      kind: "advert",
      mac: b,
      priority: 253,
    });
  });

  test("with a gratuitous ARP or an unsolicited neighbour advertisement announces an address", () => {
    const announced = sightings("take").filter(({ kind }) => kind === "announcement");
    expect(announced[0]).toMatchObject({ mac: b, address: "10.9.1.100", outgoing: true });
    expect(announced[1]).toMatchObject({ mac: b, address: "fd09:1::100", outgoing: true });
  });

  test("with priority 0 is a goodbye, over IPv6 too", () => {
    for (const name of ["goodbye", "six"] as const)
      expect(sightings(name).some((each) => each.kind === "advert" && each.priority === 0)).toBe(true);
    expect(sightings("six")[0]).toMatchObject({ source: "fd09:1::2", addresses: ["fd09:1::100"] });
  });

  test("of any bytes at all is a sighting or nothing", () => {
    const protocols = fc.constantFrom([0x08, 0x00], [0x08, 0x06], [0x86, 0xdd]);
    fc.assert(
      fc.property(protocols, fc.uint8Array({ maxLength: 108 }), ([high = 0, low = 0], payload) => {
        const head = [high, low, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0];
        expect(() => sightingOf({ at: 0, bytes: Buffer.from([...head, ...payload]) })).not.toThrow();
      }),
    );
  });

  test("names an IPv6 address as everything else does", () => {
    const group = fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const address = Buffer.from(groups.flatMap((each) => [each >> 8, each & 0xff]));
        const head = [0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 2, 2, 2, 2, 2, 0, 0];
        const ip6 = Buffer.concat([Buffer.from([0x60, 0, 0, 0, 0, 8, 58, 255]), address, Buffer.alloc(16)]);
        const bytes = Buffer.concat([Buffer.from(head), ip6, Buffer.from([129, 0, 0, 0, 0, 0, 0, 0])]);
        const value = groups.reduce((sum, each) => (sum << 16n) | BigInt(each), 0n);
        expect(sightingOf({ at: 0, bytes })?.addresses).toEqual([formatIp(6, value)]);
      }),
    );
  });
});

describe("what tcpdump writes", () => {
  test("gives the same packets in whatever pieces it arrives", () => {
    const bytes = captured("take");
    const whole = new PcapReader(128).read(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sizes) => {
        const reader = new PcapReader(128);
        const packets = [];
        for (let [place, turn] = [0, 0]; place < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          packets.push(...reader.read(bytes.subarray(place, place + size)));
          place += size;
        }
        expect(packets).toEqual(whole);
      }),
    );
  });

  test("is refused when it is something else", () => {
    expect(() => new PcapReader(128).read(Buffer.alloc(24))).toThrow(NotPcap);
    const long = captured("take");
    long.writeUInt32LE(1_000_000, 24 + 8);
    expect(() => new PcapReader(128).read(long)).toThrow(NotPcap);
  });
});
