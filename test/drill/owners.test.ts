import { describe, expect, test } from "vitest";
import { movesSince, ownerChanges, ownerships, twoOwners } from "../../src/drill/owners.js";
import type { WireEvent } from "../../src/drill/wire.js";

const macs: Record<string, string> = { "10.0.1.2": "02:00:00:00:00:02", "10.0.1.3": "02:00:00:00:00:03" };
const macOf = (source: string): string => macs[source] ?? "02:00:00:00:00:99";

const advert = (at: number, source: string, priority = 254): WireEvent => ({
  kind: "advert",
  at,
  mac: macOf(source),
  source,
  priority,
});
const adverts = (source: string, from: number, to: number): WireEvent[] =>
  Array.from({ length: (to - from) / 20 + 1 }, (_, index) => advert(from + index * 20, source));
const answer = (at: number, source: string): WireEvent => ({
  kind: "answer",
  at,
  mac: macOf(source),
  address: "10.0.1.100",
});

const silence = 70;
const [a, b] = ["10.0.1.2", "10.0.1.3"];

describe("who owned the virtual IPs", () => {
  test("is one span while one node sends adverts", () => {
    expect(ownerships(adverts(a, 0, 400), silence)).toEqual([
      { source: a, mac: macOf(a), from: 0, until: 400 },
    ]);
  });

  test("passes on when one falls silent and another begins", () => {
    const spans = ownerships([...adverts(a, 0, 400), ...adverts(b, 460, 800)], silence);
    expect(spans.map(({ source, from, until }) => [source, from, until])).toEqual([
      [a, 0, 400],
      [b, 460, 800],
    ]);
    expect(ownerChanges(spans)).toBe(1);
  });

  test("ends with the goodbye, and a goodbye alone owns nothing", () => {
    const spans = ownerships([...adverts(a, 0, 400), advert(405, a, 0), advert(410, b, 0)], silence);
    expect(spans).toEqual([{ source: a, mac: macOf(a), from: 0, until: 405 }]);
  });

  test("is no change when the same node comes back after a silence", () => {
    const spans = ownerships([...adverts(a, 0, 100), ...adverts(a, 500, 600)], silence);
    expect(spans).toHaveLength(2);
    expect(ownerChanges(spans)).toBe(0);
  });

  test("counts a flap as two changes", () => {
    const spans = ownerships(
      [...adverts(a, 0, 100), ...adverts(b, 200, 240), ...adverts(a, 300, 400)],
      silence,
    );
    expect(ownerChanges(spans)).toBe(2);
  });
});

test("moves count from a moment on, by network, and not where the same node goes on", () => {
  const span = (network: string, node: string, from: number, until: number) => ({
    network,
    node,
    from,
    until,
  });
  const spans = [
    span("switches", "lb-a", -900, -10),
    span("switches", "lb-b", 50, 700),
    span("switches", "lb-b", 900, 1_200),
    span("controllers", "lb-a", -900, 20),
    span("controllers", "lb-b", 60, 1_200),
  ];
  expect(movesSince(-20, spans)).toBe(1);
  expect(movesSince(100, spans)).toBe(0);
});

describe("two owners at the same time", () => {
  const measured = (events: WireEvent[]): number => {
    const sorted = events.toSorted((one, other) => one.at - other.at);
    return twoOwners(sorted, ownerships(sorted, silence), ["10.0.1.100"], new Set(Object.values(macs)));
  };

  test("are none in an orderly move", () => {
    expect(measured([...adverts(a, 0, 400), answer(300, a), ...adverts(b, 460, 800), answer(500, b)])).toBe(
      0,
    );
  });

  test("last while both send adverts", () => {
    expect(measured([...adverts(a, 0, 500), ...adverts(b, 400, 800)])).toBe(100);
  });

  test("last as long as a dead keepalived's node still answers for the address", () => {
    expect(measured([...adverts(a, 0, 400), ...adverts(b, 460, 800), answer(520, a)])).toBe(60);
  });

  test("are there, too, where a node answers that was never the owner", () => {
    expect(measured([...adverts(a, 0, 400), answer(300, b)])).toBe(300);
  });

  test("are not made by a client's own answers", () => {
    expect(measured([...adverts(a, 0, 400), answer(300, "10.0.1.9")])).toBe(0);
  });
});
