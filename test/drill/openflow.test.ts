import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answer, decode, encode, hello, isGreeting, type } from "../../src/drill/probe/openflow.js";

describe("a switch's half of OpenFlow", () => {
  test("any stream of messages, cut anywhere, is read as it was written", () => {
    const message = fc.record({
      type: fc.integer({ min: 0, max: 29 }),
      xid: fc.integer({ min: 0, max: 0xffff_ffff }),
      body: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(message), fc.nat(), (messages, seed) => {
        const stream = Buffer.concat(messages.map(encode));
        const cut = stream.length === 0 ? 0 : seed % stream.length;
        const first = decode(stream.subarray(0, cut));
        const second = decode(Buffer.concat([first.rest, stream.subarray(cut)]));
        expect([...first.messages, ...second.messages]).toEqual(messages);
        expect(second.rest).toHaveLength(0);
      }),
    );
  });

  test("a HELLO of any version is a greeting; a web server's words are not", () => {
    expect(isGreeting(hello())).toBe(true);
    expect(isGreeting(Buffer.from("0600000800000001", "hex"))).toBe(true);
    expect(isGreeting(Buffer.from("06000008", "hex"))).toBe(false);
    expect(isGreeting(Buffer.from("HTTP/1.1 400 Bad Request"))).toBe(false);
  });

  test("an echo request is answered with its own bytes and number", () => {
    const reply = answer({ type: type.echoRequest, xid: 7, body: Buffer.from("abc") }, 1n);
    expect(reply).toEqual(encode({ type: type.echoReply, xid: 7, body: Buffer.from("abc") }));
  });

  test("features tell the datapath's identity in the 32 bytes that the specification asks for", () => {
    const reply = answer({ type: type.featuresRequest, xid: 2, body: Buffer.alloc(0) }, 0xab_cdefn);
    expect(reply).toHaveLength(32);
    expect(reply?.readBigUInt64BE(8)).toBe(0xab_cdefn);
  });

  test("a message that needs no answer gets none", () => {
    expect(answer({ type: 14, xid: 1, body: Buffer.alloc(48) }, 1n)).toBeNull();
  });

  test("a message shorter than its own header is refused, or it would never end", () => {
    expect(() => decode(Buffer.from("0400000000000001", "hex"))).toThrow("0 bytes");
  });
});
