import { describe, expect, test, vi } from "vitest";
import { type ClaimHearer, ClaimSpread } from "../../../src/agent/vpn/claim-spread.js";
import { type ClaimMessage, Claims } from "../../../src/vpn/claims.js";
import type { Presence } from "../../../src/vpn/clients.js";

const at = (last: number): [string, Presence] => {
  const destination = `10.100.200.${last}/32`;
  return [destination, { destination, name: `host${last}`, since: 1, cid: last, arrived: true }];
};

/** Two servers, and a way between them that may break or be slow. */
class Pair {
  a = new Claims("a", 1);
  b = new Claims("b", 1);
  readonly messages: ClaimMessage[] = [];
  isBroken = false;
  hold: Promise<void> = Promise.resolve();
  readonly spread: ClaimSpread;

  constructor() {
    const peer: ClaimHearer = { server: "b", tellClaims: (message) => this.#hear(message) };
    this.spread = new ClaimSpread(
      () => [peer],
      () => this.a.all(),
      () => this.a.latest,
      (epoch) => this.a.outgrow(epoch),
    );
  }

  /** Who is at `a` now. */
  here(...presences: [string, Presence][]): void {
    const { news } = this.a.here(new Map(presences));
    if (news !== null) this.spread.news(news);
  }

  /** What `b` knows of `a`. */
  get known(): string[] {
    return (this.b.told.get("a") ?? []).map(({ name }) => name).sort();
  }

  async #hear(message: ClaimMessage) {
    await this.hold;
    if (this.isBroken) throw new Error("nobody there");
    this.messages.push(message);
    const { epoch, number, news } = message;
    for (const each of news) this.b.hear({ ...each, server: "a", epoch });
    return { whole: !this.b.knows("a", epoch, number), epoch: this.b.epochOf("a") };
  }
}
/** What goes to one that has to hear all takes a turn of the loop each time. */
const settled = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((done) => setImmediate(done));
};

describe("what is reached through a server's clients", () => {
  test("is told whole at first, then only what changes, and in a round nothing at all", async () => {
    const pair = new Pair();
    pair.here(at(1));
    pair.spread.round();
    await settled();
    expect(pair.known).toEqual(["host1"]);
    const before = pair.messages.length;
    pair.here(at(1), at(2));
    await settled();
    pair.spread.round();
    await settled();
    expect(pair.known).toEqual(["host1", "host2"]);
    const [change, round, ...more] = pair.messages.slice(before);
    expect(change?.news.map(({ whole, claimed }) => [whole, claimed.length])).toEqual([[false, 1]]);
    expect(round?.news).toEqual([]);
    expect(more).toEqual([]);
  });

  test("is told whole again to one that began anew", async () => {
    const pair = new Pair();
    pair.here(at(1), at(2));
    pair.spread.round();
    await settled();
    pair.b = new Claims("b", 2);
    pair.spread.round();
    await settled();
    expect(pair.known).toEqual(["host1", "host2"]);
  });

  test("is believed by one that knows of a later start, as where the clock went back and all was lost", async () => {
    const pair = new Pair();
    pair.a = new Claims("a", 9);
    pair.here(at(1));
    await settled();
    pair.a = new Claims("a", 1);
    pair.here(at(2));
    await settled();
    expect(pair.known).toEqual(["host2"]);
  });

  test("is not lost where the other did not hear, nor where it is slow", async () => {
    const pair = new Pair();
    pair.spread.round();
    await settled();
    pair.isBroken = true;
    pair.here(at(1));
    await settled();
    pair.here(at(1), at(2));
    await settled();
    expect(pair.known).toEqual([]);
    pair.isBroken = false;
    let go = () => {};
    pair.hold = new Promise((done) => {
      go = done;
    });
    pair.spread.round();
    for (let last = 1; last < 150; last++) pair.here(at(last), at(200));
    go();
    await settled();
    await settled();
    expect(pair.known).toEqual(["host149", "host200"]);
    expect(Math.max(...pair.messages.map(({ news }) => news.length))).toBeLessThanOrEqual(64);
  });

  test("is not told without end to one that never has enough", async () => {
    let count = 0;
    const deaf: ClaimHearer = {
      server: "b",
      tellClaims: async () => {
        count += 1;
        return { whole: true };
      },
    };
    const claims = new Claims("a", 1);
    const spread = new ClaimSpread(
      () => [deaf],
      () => claims.all(),
    );
    spread.round();
    await settled();
    await settled();
    expect(count).toBe(1);
  });

  test("is told again and again to one that is away, and not to the others meanwhile", async () => {
    vi.useFakeTimers();
    try {
      const counts = { b: 0, c: 0 };
      const here: ClaimHearer = {
        server: "b",
        tellClaims: async () => {
          counts.b += 1;
          return { whole: false };
        },
      };
      const away: ClaimHearer = {
        server: "c",
        tellClaims: async () => {
          counts.c += 1;
          throw new Error("nobody there");
        },
      };
      const claims = new Claims("a", 1);
      const spread = new ClaimSpread(
        () => [here, away],
        () => claims.all(),
      );
      spread.round();
      await vi.advanceTimersByTimeAsync(1_900);
      expect(counts).toEqual({ b: 1, c: 8 });
      spread.stop();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(counts.c).toBe(8);
    } finally {
      vi.useRealTimers();
    }
  });
});
