import { describe, expect, test } from "vitest";
import { sessionsIn } from "../../src/vpn/status3.js";
import { clientHeader, routeHeader, snapshot } from "./recorded.js";

const host1 = {
  name: "host1",
  since: 1796011498,
  from: "192.0.2.11:44553",
  cid: 0,
  destinations: ["10.100.200.1/32", "10.100.210.0/24", "fd00:100::c8:1/128"],
};
const other = {
  name: "END",
  since: 1796011498,
  from: "2001:db8::11",
  cid: 1,
  destinations: ["10.100.100.10/32", "fd00:100:a::1000/128"],
};

function sessions(lines: readonly string[]) {
  const parsed = sessionsIn(lines);
  if ("refused" in parsed) throw new Error(parsed.refused);
  return parsed.value.map((session) => ({ ...session, destinations: [...session.destinations].sort() }));
}
const refusal = (lines: readonly string[]) => {
  const parsed = sessionsIn(lines);
  return "refused" in parsed ? parsed.refused : null;
};
const without = (...parts: string[]) =>
  snapshot.filter((line) => !parts.some((part) => line.startsWith(part)));

describe("a snapshot", () => {
  test("tells who has logged in, and what is reached through whom", () => {
    expect(sessions(snapshot)).toEqual([host1, other]);
  });

  test("has its columns where its headers say, whatever their order", () => {
    const turned = snapshot.map((line) => {
      const [kind = "", first = "", ...rest] = line.split("\t");
      if (kind === "HEADER") return [kind, first, ...rest.reverse(), "More"].join("\t");
      return kind === "CLIENT_LIST" || kind === "ROUTING_TABLE"
        ? [kind, ...[first, ...rest].reverse(), "new"].join("\t")
        : line;
    });
    expect(turned).not.toEqual(snapshot);
    expect(sessions(turned)).toEqual([host1, other]);
  });

  test("that is cut short anywhere is none", () => {
    for (let length = 0; length < snapshot.length; length += 1)
      expect(refusal(snapshot.slice(0, length)), `${length} lines`).toBe("the snapshot is cut short");
  });

  test("with sections that nobody asked for is read all the same", () => {
    const more = ["HEADER\tconstructor\tx", "constructor\ty", "toString"];
    expect(sessionsIn([...more, ...snapshot, "END"])).toEqual(sessionsIn([...snapshot, "END"]));
  });

  test.each([
    ["a row before its header", [...snapshot.slice(3), "END"], /before its HEADER/],
    ["no routing table", without("HEADER\tROUTING_TABLE", "ROUTING_TABLE"), /ROUTING_TABLE has no column/],
    [
      "a row with a column too few",
      snapshot.map((line) => (line.startsWith("CLIENT_LIST") ? line.replace("\tUNDEF", "") : line)),
      /other columns/,
    ],
    [
      "a server that knows no client numbers",
      snapshot.map((line) => line.replace("Client ID", "Other")),
      /CLIENT_LIST has no column Client ID/,
    ],
    [
      "a time that is none",
      snapshot.map((line) => line.replace("04:04:58\t1796011498\tUNDEF", "04:04:58\tsoon\tUNDEF")),
      /is not one/,
    ],
  ])("with %s is refused", (_, lines, why) => {
    expect(refusal(lines)).toMatch(why);
  });

  const row = (name: string, port: number, since: number, cid: number) =>
    `CLIENT_LIST\t${name}\t192.0.2.1:${port}\t10.1.0.1\t\t0\t0\tthen\t${since}\tUNDEF\t${cid}\t0\tnone`;
  const route = (address: string, name: string, port: number) =>
    `ROUTING_TABLE\t${address}\t${name}\t192.0.2.1:${port}\tthen\t1`;

  test("gives an address that two are listed with to the one that the routing table names", () => {
    const lines = [
      clientHeader,
      row("a", 1, 5, 0),
      row("a", 2, 4, 1),
      routeHeader,
      route("10.1.0.1", "a", 2),
      "END",
    ];
    expect(sessions(lines).map(({ cid, destinations }) => [cid, destinations])).toEqual([
      [0, []],
      [1, ["10.1.0.1/32"]],
    ]);
  });

  test("tells of a cached IPv6 address, which is none that ends in c", () => {
    const cached = ["fd00::6C", "fd00::5c"].map((address) => route(address, "a", 1));
    const lines = [clientHeader, row("a", 1, 5, 0), routeHeader, ...cached, "END"];
    expect(sessions(lines).map(({ destinations }) => destinations)).toEqual([["fd00::5c/128"]]);
  });

  test("gives the routes of a place that two are listed with to the later login", () => {
    const same = [row("a", 1, 4, 1), row("a", 1, 5, 0)];
    const lines = [clientHeader, ...same, routeHeader, route("10.1.0.1", "a", 1), "END"];
    expect(sessions(lines).map(({ cid, destinations }) => [cid, destinations])).toEqual([
      [1, []],
      [0, ["10.1.0.1/32"]],
    ]);
  });

  test("of bridged clients has hardware addresses, and their own stand in their rows", () => {
    const lines = [clientHeader, row("a", 1, 5, 0), routeHeader, route("02:00:00:00:00:01@0", "a", 1), "END"];
    const destinations = (of: { tap: boolean }) => {
      const parsed = sessionsIn(lines, of);
      return "refused" in parsed ? parsed.refused : parsed.value.map((session) => session.destinations);
    };
    expect(destinations({ tap: true })).toEqual([["10.1.0.1/32"]]);
    expect(destinations({ tap: false })).toEqual([[]]);
  });

  test("tells two of one certificate apart that come from one IPv6 address, of which it has no port", () => {
    const from = "2001:db8::11";
    const client = (own: string, cid: number) =>
      `CLIENT_LIST\ta\t${from}\t${own}\t\t0\t0\tthen\t5\tUNDEF\t${cid}\t0\tnone`;
    const learned = (own: string) => `ROUTING_TABLE\t${own}\ta\t${from}\tthen\t1`;
    const [one, other] = ["10.1.0.2", "10.1.0.3"];
    const clients = [clientHeader, client(one, 0), client(other, 1)];
    const lines = [...clients, routeHeader, learned(one), learned(other), "END"];
    expect(sessions(lines).map(({ cid, destinations }) => [cid, destinations])).toEqual([
      [0, [`${one}/32`]],
      [1, [`${other}/32`]],
    ]);
  });

  test("of a client whose address another of its certificate took has it at neither once that one is gone", () => {
    const lines = [clientHeader, row("a", 1, 5, 0), routeHeader, "END"];
    expect(sessions(lines).map(({ cid, destinations }) => [cid, destinations])).toEqual([[0, []]]);
  });

  test("of a server without clients is one", () => {
    expect(sessions([clientHeader, routeHeader, "END"])).toEqual([]);
  });
});
