import { expect, test } from "vitest";
import { carriedSession, ways } from "../../../src/agent/release/carried-session.js";

// As conntrack 1.4.7 printed them.
const open =
  "tcp      6 431999 ESTABLISHED src=192.168.10.5 dst=10.0.2.10 sport=40000 dport=6653 src=10.0.2.11 dst=10.0.2.1 sport=6653 dport=1024 [ASSURED] mark=0 use=1";
const opening =
  "tcp      6 119 SYN_SENT src=fd01::5 dst=fd01::100 sport=40000 dport=6653 [UNREPLIED] src=fd02::11 dst=fd01::5 sport=6653 dport=40000 mark=0 use=1";

test("a line of conntrack's is a session, with what the server took for the client", () => {
  expect(carriedSession(open)).toEqual({
    state: "ESTABLISHED",
    original: {
      from: { address: "192.168.10.5", port: 40_000 },
      to: { address: "10.0.2.10", port: 6_653 },
    },
    reply: { from: { address: "10.0.2.11", port: 6_653 }, to: { address: "10.0.2.1", port: 1_024 } },
  });
  expect(carriedSession(opening)?.original.to).toEqual({ address: "fd01::100", port: 6_653 });
  expect(
    carriedSession("udp      17 29 src=10.0.1.2 dst=10.0.1.3 sport=1 dport=2 [UNREPLIED] src=1"),
  ).toBeNull();
  expect(carriedSession("")).toBeNull();
});

test("both ends of a session are told as if by the other one, and nobody who has none", () => {
  const session = carriedSession(open);
  expect(session && ways(session)).toEqual([
    { from: { address: "10.0.2.10", port: 6_653 }, to: { address: "192.168.10.5", port: 40_000 } },
    { from: { address: "10.0.2.1", port: 1_024 }, to: { address: "10.0.2.11", port: 6_653 } },
  ]);
  const begun = carriedSession(opening);
  expect(begun && ways(begun)).toEqual([]);
});
