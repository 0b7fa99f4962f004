import { describe, expect, test } from "vitest";
import { wireEvent } from "../../src/drill/wire.js";

/** Recorded with tcpdump 4.99.3 between two keepalived 2.2.7 and a client. */
const a = "c2:15:4f:5e:51:4b";
const b = "aa:e1:7b:8a:ae:4f";
const client = "c2:2b:6d:bd:47:3f";

describe("a line of tcpdump", () => {
  test("with an advert tells who holds the virtual IPs, and how strongly", () => {
    const line = `1795565121.690365 ${a} > ${b}, ethertype IPv4 (0x0800), length 46: 10.9.0.2 > 10.9.0.3: VRRPv3, Advertisement, vrid 51, prio 254, intvl 2cs, length 12`;
    expect(wireEvent(line)).toEqual({
      kind: "advert",
      at: expect.closeTo(1795565121690.365, 2),
      mac: a,
      source: "10.9.0.2",
      priority: 254,
    });
  });

  test("with a gratuitous ARP announces the address", () => {
    const line = `1795565122.718172 ${b} > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.9.0.100 (ff:ff:ff:ff:ff:ff) tell 10.9.0.100, length 28`;
    expect(wireEvent(line)).toMatchObject({ kind: "announcement", mac: b, address: "10.9.0.100" });
  });

  test("with a neighbour advertisement to all announces the address", () => {
    const line = `1795565122.718191 ${b} > 33:33:00:00:00:01, ethertype IPv6 (0x86dd), length 86: fd09::100 > ff02::1: ICMP6, neighbor advertisement, tgt is fd09::100, length 32`;
    expect(wireEvent(line)).toMatchObject({ kind: "announcement", mac: b, address: "fd09::100" });
  });

  test("with an answer tells who has the address", () => {
    const arp = `1795565269.821391 ${b} > ${client}, ethertype ARP (0x0806), length 42: Reply 10.9.0.100 is-at ${b}, length 28`;
    const ndp = `1795565269.824613 ${b} > ${client}, ethertype IPv6 (0x86dd), length 86: fd09::100 > fd09::9: ICMP6, neighbor advertisement, tgt is fd09::100, length 32`;
    expect(wireEvent(arp)).toMatchObject({ kind: "answer", mac: b, address: "10.9.0.100" });
    expect(wireEvent(ndp)).toMatchObject({ kind: "answer", mac: b, address: "fd09::100" });
  });

  test.each([
    `1795565269.821367 ${client} > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.9.0.100 tell 10.9.0.9, length 28`,
    "listening on br0, link-type EN10MB (Ethernet), snapshot length 262144 bytes",
    "",
  ])("that tells nothing about ownership is passed over: %s", (line) => {
    expect(wireEvent(line)).toBeNull();
  });
});
