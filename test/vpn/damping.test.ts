import { describe, expect, test } from "vitest";
import { RouteKeeper } from "../../src/agent/vpn/route-keeper.js";
import type { RunOptions, RunResult } from "../../src/host/host.js";
import { type ClaimNews, Claims, type Standing } from "../../src/vpn/claims.js";
import { type ClientEvent, Clients } from "../../src/vpn/clients.js";
import type { Session } from "../../src/vpn/session.js";

const address = "10.100.200.1/32";
const sessionAt = (since: number): Session => ({ name: "host1", since, from: `192.0.2.1:${since}` });

/** A server that tells the other ones what changes among its clients. */
class Server {
  readonly #clients = new Clients();
  readonly claims: Claims;
  /** Destinations that its news claimed or released, and sessions that it ended. */
  changes = 0;
  kills = 0;

  constructor(name: string) {
    this.claims = new Claims(name, 1);
  }

  hear(event: ClientEvent): ClaimNews | null {
    this.#clients.hear(event);
    return this.follow(
      this.claims.changed(this.#clients.touched(), (each) => this.#clients.present.get(each)),
    );
  }

  follow({ news, kill }: Standing): ClaimNews | null {
    this.changes += (news?.claimed.length ?? 0) + (news?.released.length ?? 0);
    this.kills += kill.length;
    return news;
  }
}

const come = (server: Server, since: number) => {
  const session = sessionAt(since);
  const login = { session, destinations: [address] };
  return [
    server.hear({ kind: "connect", login }),
    server.hear({ kind: "learn", session, destination: address }),
    server.hear({ kind: "established", login, cid: since }),
  ];
};
const go = (server: Server, since: number) => [
  server.hear({ kind: "disconnect", session: sessionAt(since) }),
];

describe("a client that connects again each second", () => {
  const seconds = 60;

  test("is told of once as it goes and once as it comes, and the others do nothing about it", () => {
    const [a, b] = [new Server("a"), new Server("b")];
    b.follow(b.claims.hear(a.claims.all()));
    for (let since = 1; since <= seconds; since++)
      for (const news of [...come(a, since), ...go(a, since)])
        if (news !== null) b.follow(b.claims.hear(news));
    expect(a.changes).toBe(2 * seconds);
    expect([b.changes, b.kills]).toEqual([0, 0]);
    expect(b.claims.told.get("a")).toEqual([]);
  });

  test("and whose end is not heard before it is back is told of once", () => {
    const a = new Server("a");
    for (let since = 1; since <= seconds; since++) come(a, since);
    expect(a.changes).toBe(seconds);
  });

  test("now at one server, now at the other, costs each a change as it comes and one as it is taken, and a ghost", () => {
    const [a, b] = [new Server("a"), new Server("b")];
    b.follow(b.claims.hear(a.claims.all()));
    a.follow(a.claims.hear(b.claims.all()));
    for (let since = 1; since <= seconds; since++) {
      const [to, from] = since % 2 === 0 ? [a, b] : [b, a];
      for (const news of come(to, since)) {
        const answer = news === null ? null : from.follow(from.claims.hear(news));
        if (answer !== null) to.follow(to.claims.hear(answer));
      }
    }
    expect(a.changes + b.changes).toBe(2 * seconds - 1);
    expect(a.kills + b.kills).toBe(seconds - 1);
  });
});

test("what comes and goes while the kernel is at work costs it one change, and none where it is as it was", async () => {
  const batches: string[] = [];
  let go = () => {};
  const busy = new Promise<void>((done) => {
    go = done;
  });
  const kernel = {
    async run(argv: readonly string[], { stdin = "", take }: RunOptions = {}): Promise<RunResult> {
      const done = { exitCode: 0, stdout: "[]", stderr: "" };
      if (!argv.join(" ").includes("-batch")) return done;
      for await (const piece of stdin) {
        const lines = piece.trim().split("\n");
        const mark = lines.pop();
        batches.push(...lines);
        await busy;
        take?.(`Object "${mark}" is unknown, try "ip help".\nCommand failed -:1\n`);
      }
      return done;
    },
  };
  const keeper = new RouteKeeper(kernel, [4]);
  keeper.want([], true);
  await keeper.look();
  const route = (destination: string) => ({ destination, device: "tun0" });
  keeper.change(new Map([["10.0.0.9/32", route("10.0.0.9/32")]]));
  for (let times = 0; times < 50; times++) {
    keeper.change(new Map([[address, route(address)]]));
    keeper.change(new Map([["10.0.0.2/32", route("10.0.0.2/32")]]));
    keeper.change(new Map([["10.0.0.2/32", null]]));
  }
  go();
  const add = (destination: string) => `route add ${destination} dev tun0 proto 111`;
  await expect.poll(() => batches).toEqual([add("10.0.0.9/32"), add(address)]);
  keeper.stop();
});
