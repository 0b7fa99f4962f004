import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientOf, tcpPacketIn } from "../../../src/mirror/capture/tcp-packet.js";
import { captured } from "./captured.js";

const payload = Buffer.from("04020008000000ff", "hex");

describe.each([[4], [6]] as const)("a captured IPv%i packet", (family) => {
  test("tells its connection, its place in it, and what it carries, without the frame's padding", () => {
    const packet = tcpPacketIn(captured(family, { sequence: 2 ** 32 - 1, payload, options: 12, padding: 6 }));
    expect(packet).toMatchObject({ sequence: 2 ** 32 - 1, syn: false, fin: false, reset: false });
    expect(packet?.payload).toEqual(payload);
    expect(clientOf(packet?.key ?? "")).toEqual({
      address: family === 4 ? "10.0.1.1" : "fd00:0:0:0:0:0:0:1",
      port: 40_001,
    });
  });

  test("tells beginnings and ends", () => {
    expect(tcpPacketIn(captured(family, { flags: 2 }))?.syn).toBe(true);
    expect(tcpPacketIn(captured(family, { flags: 0x11 }))?.fin).toBe(true);
    expect(tcpPacketIn(captured(family, { flags: 4 }))?.reset).toBe(true);
  });

  test("that is cut short carries what is there, or is none", () => {
    const whole = captured(family, { payload });
    expect(tcpPacketIn(whole.subarray(0, whole.length - 3))?.payload).toEqual(payload.subarray(0, 5));
    for (let length = 0; length < whole.length - payload.length; length += 1)
      expect(tcpPacketIn(whole.subarray(0, length))).toBeNull();
  });
});

test("a fragment, another protocol, and a header that points behind the packet are none", () => {
  const packet = captured(4, { payload });
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(packet);
    copy.writeUInt8(value, at);
    return copy;
  };
  expect(tcpPacketIn(changed(26, 0x20))).toBeNull();
  expect(tcpPacketIn(changed(29, 17))).toBeNull();
  expect(tcpPacketIn(changed(52, 0xf0))).toBeNull();
  expect(tcpPacketIn(changed(52, 0x10))).toBeNull();
});

test("no bytes at all end the reader", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void tcpPacketIn(Buffer.from(bytes))));
});
