import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClaimNews, Claims, type Standing } from "../../src/vpn/claims.js";
import type { Presence } from "../../src/vpn/clients.js";

const address = "10.100.200.1/32";
const at = (since: number, more: Partial<Presence> = {}): Presence => ({
  destination: address,
  name: "host1",
  since,
  cid: since,
  arrived: true,
  ...more,
});
const present = (...presences: Presence[]) =>
  new Map(presences.map((presence) => [presence.destination, presence] as const));
const news = ({ news: told }: Standing): ClaimNews => {
  if (told === null) throw new Error("no news");
  return told;
};
const holds = ({ held }: Standing): string[] => held.map(({ destination }) => destination);

describe("a client that comes to another server", () => {
  test("is that server's at once; the earlier one withdraws and ends the ghost, once", () => {
    const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
    b.hear(a.all());
    a.hear(b.all());
    b.hear(news(a.here(present(at(10)))));
    // However its server's clock goes.
    const came = b.here(present(at(3)));
    expect(holds(came)).toEqual([address]);
    const lost = a.hear(news(came));
    expect(lost).toMatchObject({ held: [], kill: [10], missed: false });
    expect(news(lost)).toMatchObject({ claimed: [], released: [address] });
    expect(b.hear(news(lost))).toMatchObject({ kill: [], news: null });
    // The ghost is listed until its time is over.
    expect(a.here(present(at(10)))).toMatchObject({ held: [], kill: [], news: null });
    // It returns: newer than all.
    const back = a.here(present(at(20)));
    expect(holds(back)).toEqual([address]);
    expect(b.hear(news(back))).toMatchObject({ held: [], kill: [3] });
  });

  test("leaves a ghost that is ended as soon as its number is known", () => {
    const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
    b.hear(a.all());
    b.hear(news(a.here(present(at(10, { cid: null })))));
    a.hear(b.all());
    expect(a.hear(news(b.here(present(at(11)))))).toMatchObject({ held: [], kill: [] });
    expect(a.here(present(at(10, { cid: 4 }))).kill).toEqual([4]);
  });

  test("stays there though the server that won goes: the ghost is no better for that", () => {
    const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
    b.hear(news(a.here(present(at(10)))));
    b.hear(a.all());
    a.hear(b.all());
    a.hear(news(b.here(present(at(11)))));
    a.forget("b");
    expect(holds(a.here(present(at(10))))).toEqual([]);
  });
});

test("an agent that has only started does not take from others what it finds", () => {
  // By their names alone, the finder would win.
  const [finder, holder] = [new Claims("b", 2), new Claims("a", 1)];
  holder.hear(finder.all());
  const held = news(holder.here(present(at(10))));
  const found = finder.here(present(at(5, { arrived: false })));
  expect(holds(found)).toEqual([address]);
  expect(holder.hear(news(found)).kill).toEqual([]);
  expect(finder.hear({ ...held, whole: true })).toMatchObject({ held: [], kill: [5] });
});

test("what a server released is for whoever has it", () => {
  const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
  a.hear(b.all());
  a.hear(news(b.here(present(at(10)))));
  a.hear(news(b.here(present())));
  expect(holds(a.here(present(at(5, { arrived: false }))))).toEqual([address]);
});

test("each login that is seen coming has a claim newer than the one before", () => {
  const a = new Claims("a", 1);
  const sequences = [10, 11, 12].map((since) => news(a.here(present(at(since)))).claimed[0]?.sequence);
  expect(sequences).toEqual([1, 2, 3]);
});

test("another client with the same address loses its route and keeps its session, and has it again when that one goes", () => {
  const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
  b.hear(a.all());
  a.hear(b.all());
  b.hear(news(a.here(present(at(10)))));
  expect(a.hear(news(b.here(present(at(11, { name: "host2" })))))).toMatchObject({ held: [], kill: [] });
  const again = a.hear(news(b.here(present())));
  expect(holds(again)).toEqual([address]);
  expect(news(again).claimed).toMatchObject([{ destination: address, name: "host1" }]);
  expect(a.disputes).toEqual([]);
});

test("what a server claimed that is no part of the network any more is disputed with nobody", () => {
  const [a, b] = [new Claims("a", 1), new Claims("b", 1)];
  a.hear(b.all());
  a.here(present(at(10)));
  a.hear(news(b.here(present(at(11, { name: "host2" })))));
  a.hear({ ...b.all(), claimed: [{ destination: address, name: "host2", since: 11, sequence: 9 }] });
  expect(a.disputes).toHaveLength(1);
  expect(holds(a.forget("b"))).toEqual([address]);
  expect(a.disputes).toEqual([]);
});

describe("news", () => {
  const claim = { destination: address, name: "host1", since: 1, sequence: 9 };
  const told = { server: "b", epoch: 5, number: 0, whole: true, claimed: [], released: [] };

  test.each([
    ["behind the last", { number: 1 }, false, true],
    ["with one missing before", { number: 2 }, true, false],
    ["again", { number: 0 }, false, false],
    ["of an earlier start", { epoch: 4, number: 7 }, false, false],
    ["of a later start", { epoch: 6, number: 1 }, true, false],
    ["of all, at a later start", { epoch: 6, number: 0, whole: true }, false, true],
    ["of all, at an earlier start", { epoch: 4, number: 9, whole: true }, false, false],
    ["of itself", { server: "a", number: 1 }, false, false],
  ])("%s: what was missed is asked for, what is late is not believed", (_, more, missed, believed) => {
    const a = new Claims("a", 1);
    a.here(present(at(10)));
    a.hear(told);
    const standing = a.hear({ ...told, whole: false, claimed: [claim], ...more });
    expect([standing.missed, holds(standing).length === 0]).toEqual([missed, believed]);
  });

  test("that nothing changed are none, and cost no number", () => {
    const a = new Claims("a", 1);
    expect(news(a.here(present(at(10)))).number).toBe(1);
    expect(a.here(present(at(10, { cid: 99 }))).news).toBeNull();
    expect(news(a.here(present()))).toMatchObject({ number: 2, claimed: [], released: [address] });
  });
});

/** Servers whose agents tell one another what they claim, by ways that lose and double it and keep no order. */
class Servers {
  readonly names = ["a", "b", "c"];
  readonly #claims = this.names.map((name) => new Claims(name, 1));
  #here = this.names.map(() => new Map<string, Presence>());
  readonly #held = this.names.map((): readonly Presence[] => []);
  readonly underway: { readonly to: number; readonly news: ClaimNews }[] = [];
  #count = 0;

  arrive(server: number, client: number): void {
    this.#count += 1;
    const [since, destination] = [this.#count, `10.100.200.${client}/32`];
    const presence = { destination, name: `host${client}`, since, cid: since, arrived: true };
    this.#present(server, new Map(this.#here[server]).set(destination, presence));
  }

  leave(server: number, client: number): void {
    const left = new Map(this.#here[server]);
    left.delete(`10.100.200.${client}/32`);
    this.#present(server, left);
  }

  deliver(at: number): void {
    const [word] = this.underway.splice(at % Math.max(1, this.underway.length), 1);
    if (word !== undefined) this.#hear(word.to, word.news);
  }

  deliverAll(): void {
    while (this.underway.length > 0) this.deliver(0);
  }

  /** Everybody tells everybody all, until nobody has news. */
  settle(): void {
    this.underway.length = 0;
    for (const [from, claims] of this.#claims.entries())
      for (const to of this.names.keys()) if (to !== from) this.#hear(to, claims.all());
    this.deliverAll();
  }

  get holders(): Record<string, string[]> {
    const holders: Record<string, string[]> = {};
    for (const [server, held] of this.#held.entries())
      for (const { destination } of held)
        holders[destination] = [...(holders[destination] ?? []), `${server}`];
    return holders;
  }

  #present(server: number, here: Map<string, Presence>): void {
    this.#here = this.#here.with(server, here);
    this.#follow(server, this.#claims[server]?.here(here));
  }

  #hear(to: number, told: ClaimNews): void {
    const standing = this.#claims[to]?.hear(told);
    this.#follow(to, standing);
    const from = this.names.indexOf(told.server);
    if (standing?.missed) this.underway.push({ to, news: this.#claims[from]?.all() ?? told });
  }

  #follow(server: number, standing: Standing | undefined): void {
    if (standing === undefined) return;
    this.#held[server] = standing.held;
    if (standing.news === null) return;
    for (const to of this.names.keys()) if (to !== server) this.underway.push({ to, news: standing.news });
  }
}

const server = fc.nat({ max: 2 });
const client = fc.nat({ max: 1 });

test("whatever way news take: once all have heard all, one server at most holds an address", () => {
  const step = fc.oneof(
    fc.tuple(server, client).map(
      ([s, c]) =>
        (servers: Servers) =>
          servers.arrive(s, c),
    ),
    fc.tuple(server, client).map(
      ([s, c]) =>
        (servers: Servers) =>
          servers.leave(s, c),
    ),
    fc.nat({ max: 20 }).map((index) => (servers: Servers) => servers.deliver(index)),
    fc.nat({ max: 20 }).map(
      (index) =>
        ({ underway }: Servers) =>
          void underway.splice(index, 1),
    ),
    fc.nat({ max: 20 }).map((index) => ({ underway }: Servers) => {
      const word = underway[index];
      if (word !== undefined) underway.push(word);
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (course) => {
      const servers = new Servers();
      for (const happen of course) happen(servers);
      servers.settle();
      servers.settle();
      for (const holders of Object.values(servers.holders)) expect(holders).toHaveLength(1);
    }),
    { numRuns: 2_000 },
  );
});

test("where servers hear each other, it is the one to which the client came last", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(server, client), { minLength: 1, maxLength: 20 }), (course) => {
      const servers = new Servers();
      servers.settle();
      const last: Record<string, string[]> = {};
      for (const [s, c] of course) {
        servers.arrive(s, c);
        servers.deliverAll();
        last[`10.100.200.${c}/32`] = [`${s}`];
        expect(servers.holders).toEqual(last);
      }
    }),
    { numRuns: 500 },
  );
});

test("a later start that others know of is outgrown, but never beyond what can be told", () => {
  const a = new Claims("a", 5);
  a.outgrow(3);
  expect(a.latest.epoch).toBe(5);
  a.outgrow(9);
  expect(a.latest.epoch).toBe(10);
  a.outgrow(Number.MAX_SAFE_INTEGER);
  expect(a.latest.epoch).toBe(10);
});
