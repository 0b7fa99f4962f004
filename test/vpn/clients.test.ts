import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clients } from "../../src/vpn/clients.js";
import type { Session } from "../../src/vpn/session.js";
import { clientCount, OpenVpnInMemory } from "./openvpn-in-memory.js";

const reached = ({ present }: Clients): Record<string, string> =>
  Object.fromEntries(
    [...present.values()].map(({ destination, name, since }) => [destination, `${name} ${since}`]).sort(),
  );

type Step = (server: OpenVpnInMemory, clients: Clients) => void;

const happenings = (lossy: boolean): fc.Arbitrary<Step[]> => {
  const client = fc.nat({ max: clientCount - 1 });
  const hear: Step = (server, clients) => {
    const event = server.hooks.shift();
    if (event !== undefined) clients.hear(event);
  };
  const read: Step = (server, clients) => {
    const word = server.management.shift();
    if (word === undefined) return;
    if ("event" in word) clients.hear(word.event);
    else clients.snapshot(word.asked, word.sessions);
  };
  const steps: fc.Arbitrary<Step>[] = [
    client.map((index) => (server) => server.login(index)),
    client.map((index) => (server) => server.logout(index)),
    fc.constant<Step>((server, clients) => server.ask(clients.ask())),
    fc.constant<Step>((server) => server.answer()),
    fc.constant(hear),
    fc.constant(hear),
    fc.constant(read),
  ];
  const lost: fc.Arbitrary<Step>[] = [
    fc.nat({ max: 9 }).map((at) => (server) => void server.hooks.splice(at, 1)),
    fc.nat({ max: 9 }).map((at) => (server) => void server.management.splice(at, 1)),
    // Twice, or later than what came after it.
    fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })).map(([at, to]) => ({ hooks, management }) => {
      const [event, word] = [hooks[at], management[at]];
      if (event !== undefined) hooks.splice(to, 0, event);
      if (word !== undefined && "event" in word) management.splice(to, 0, word);
    }),
  ];
  return fc.array(fc.oneof(...steps, ...(lossy ? lost : [])), { maxLength: 60 });
};

function after(course: readonly Step[], loginsPerSecond: number) {
  const [server, clients] = [new OpenVpnInMemory(loginsPerSecond), new Clients()];
  for (const step of course) step(server, clients);
  return { server, clients };
}

/** All that was said is heard, in any mixture of the two lines. */
function drain(server: OpenVpnInMemory, clients: Clients, hooksFirst: boolean): void {
  const hooks = () => {
    for (const event of server.hooks.splice(0)) clients.hear(event);
  };
  if (hooksFirst) hooks();
  for (const word of server.management.splice(0))
    if ("event" in word) clients.hear(word.event);
    else clients.snapshot(word.asked, word.sessions);
  hooks();
}

const runs = { numRuns: 3_000 };

describe("whatever is lost, doubled or late", () => {
  test("a snapshot that was asked for after the last event is the truth", () => {
    fc.assert(
      fc.property(
        happenings(true),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (course, pace, hooksFirst) => {
          const { server, clients } = after(course, pace);
          drain(server, clients, hooksFirst);
          server.ask(clients.ask());
          server.answer();
          drain(server, clients, true);
          expect(reached(clients)).toEqual(server.truth);
        },
      ),
      runs,
    );
  });

  test("changes lead from what was present to what is", () => {
    fc.assert(
      fc.property(happenings(true), (course) => {
        const [server, clients] = [new OpenVpnInMemory(1), new Clients()];
        const followed = new Map<string, string>();
        const follow = (changes: ReturnType<Clients["hear"]>) => {
          for (const { kind, presence } of changes)
            if (kind === "went") followed.delete(presence.destination);
            else followed.set(presence.destination, `${presence.name} ${presence.since}`);
        };
        const { hear, snapshot } = clients;
        clients.hear = (event) => {
          const changes = hear.call(clients, event);
          follow(changes);
          return changes;
        };
        clients.snapshot = (asked, sessions) => {
          const changes = snapshot.call(clients, asked, sessions);
          follow(changes);
          return changes;
        };
        for (const step of course) step(server, clients);
        expect(Object.fromEntries([...followed].sort())).toEqual(reached(clients));
      }),
      { numRuns: 500 },
    );
  });
});

test("where nothing is lost, no snapshot undoes what events told, however both overtake one another", () => {
  fc.assert(
    fc.property(happenings(false), fc.boolean(), (course, hooksFirst) => {
      const { server, clients } = after(course, 1);
      server.answer();
      drain(server, clients, hooksFirst);
      expect(reached(clients)).toEqual(server.truth);
    }),
    runs,
  );
});

test("what one that has gone again had taken from another does not come back to that one by an older snapshot", () => {
  const [server, clients] = [new OpenVpnInMemory(1), new Clients()];
  server.ask(clients.ask());
  server.login(1);
  server.answer();
  server.login(0);
  server.logout(0);
  drain(server, clients, true);
  expect(reached(clients)).toEqual({ "10.100.200.1/32": "host1 0" });
});

describe("a client", () => {
  const session: Session = { name: "host1", since: 7, from: "192.0.2.1:1000" };
  const [address, network] = ["10.100.200.1/32", "10.100.210.0/24"];
  const login = { session, destinations: [address] };
  const listed = { ...session, cid: 4, destinations: [address, network] };
  const connect = { kind: "connect", login } as const;
  const disconnect = { kind: "disconnect", session } as const;
  const learn = (destination: string) => ({ kind: "learn", session, destination }) as const;

  test("is there at once, and gets its number later without a change", () => {
    const clients = new Clients();
    const presence = { destination: address, name: "host1", since: 7, cid: null, arrived: true };
    expect(clients.hear(connect)).toEqual([{ kind: "came", presence }]);
    expect(clients.hear({ kind: "established", login, cid: 4 })).toEqual([]);
    expect(clients.present.get(address)).toEqual({ ...presence, cid: 4 });
  });

  test("goes at once, with all that is behind it, and no word that is late brings it back", () => {
    const clients = new Clients();
    clients.hear(connect);
    clients.hear(learn(network));
    const asked = clients.ask();
    expect(clients.hear(disconnect).map(({ kind }) => kind)).toEqual(["went", "went"]);
    expect(clients.hear({ kind: "established", login, cid: 4 })).toEqual([]);
    expect(clients.hear(learn(network))).toEqual([]);
    expect(clients.snapshot(asked, [listed])).toEqual([]);
    expect(clients.snapshot(clients.ask(), [listed])).toHaveLength(2);
  });

  test("that came while a snapshot was on its way is not in it, and stays", () => {
    const clients = new Clients();
    const asked = clients.ask();
    clients.hear(connect);
    expect(clients.snapshot(asked, [])).toEqual([]);
    expect(clients.snapshot(clients.ask(), []).map(({ kind }) => kind)).toEqual(["went"]);
  });

  test("is found where the agent has only started, and has arrived where an earlier snapshot lacked it", () => {
    const clients = new Clients();
    clients.snapshot(clients.ask(), [listed]);
    expect(clients.present.get(address)).toMatchObject({ arrived: false, cid: 4 });
    const next = { ...listed, since: 9, from: "192.0.2.1:2000", cid: 5 };
    expect(clients.snapshot(clients.ask(), [next]).map(({ kind }) => kind)).toEqual(["came", "came"]);
    expect(clients.present.get(address)).toMatchObject({ arrived: true, cid: 5, since: 9 });
  });

  test("whose address changed underway (float) is the same, and is known when it goes", () => {
    const clients = new Clients();
    clients.hear(connect);
    const moved = { ...session, from: "198.51.100.7:9" };
    expect(clients.hear({ kind: "disconnect", session: moved })).toHaveLength(1);
    clients.hear({ kind: "connect", login: { session: { ...session, since: 8 }, destinations: [address] } });
    expect(
      clients.snapshot(clients.ask(), [{ ...listed, since: 8, from: moved.from, destinations: [address] }]),
    ).toEqual([]);
    expect(clients.hear({ kind: "disconnect", session: { ...session, since: 8 } })).toHaveLength(1);
  });

  test("has no route of its own for one address in the network behind it", () => {
    const clients = new Clients();
    clients.hear(connect);
    clients.hear(learn(network));
    expect(clients.hear(learn("10.100.210.5/32"))).toEqual([]);
    expect(clients.hear(learn("10.100.211.5/32"))).toHaveLength(1);
  });

  test("that another's login left nothing is a ghost, which a late word does not bring back", () => {
    const clients = new Clients();
    clients.hear(connect);
    const heir: Session = { name: "host2", since: 8, from: "192.0.2.2:1000" };
    clients.hear({ kind: "connect", login: { session: heir, destinations: [address] } });
    clients.hear({ kind: "established", login, cid: 4 });
    expect(clients.present.get(address)).toMatchObject({ name: "host2" });
  });

  test("of whose end a wrong word came is heard again as soon as a snapshot has it", () => {
    const clients = new Clients();
    clients.hear(disconnect);
    clients.snapshot(clients.ask(), [{ ...listed, destinations: [address] }]);
    expect(clients.hear(learn(network))).toHaveLength(1);
  });

  test("is gone where OpenVPN is", () => {
    const clients = new Clients();
    clients.hear(connect);
    expect(clients.daemonEnded().map(({ kind }) => kind)).toEqual(["went"]);
    expect(clients.present.size).toBe(0);
  });

  test("that ended is remembered no longer than is of use", () => {
    const clients = new Clients();
    const asked = clients.ask();
    clients.hear(disconnect);
    for (let since = 100; since < 5_000; since += 1)
      clients.hear({ kind: "disconnect", session: { ...session, since } });
    clients.snapshot(asked, [listed]);
    expect(clients.present.size).toBe(2);
  });
});

describe("clients that share a certificate", () => {
  const [one, other]: Session[] = [1000, 2000].map((port) => ({
    ...{ name: "laptop", since: 7, from: `192.0.2.1:${port}` },
  })) as [Session, Session];
  const came = (session: Session, address: string) =>
    ({ kind: "connect", login: { session, destinations: [address] } }) as const;
  const gone = (session: Session) => ({ kind: "disconnect", session }) as const;
  const [first, second] = ["10.100.100.2/32", "10.100.100.3/32"];
  const destinations = ({ present }: Clients) => [...present.keys()];

  test("are two, though both came from one place in one second, and each goes alone", () => {
    const clients = new Clients();
    clients.hear(came(one, first));
    clients.hear(came(other, second));
    for (const [session, cid, destination] of [
      [one, 4, first],
      [other, 5, second],
    ] as const)
      clients.hear({ kind: "established", login: { session, destinations: [destination] }, cid });
    expect([...clients.present.values()].map(({ cid }) => cid)).toEqual([4, 5]);
    expect(clients.hear(gone(one)).map(({ presence }) => presence.destination)).toEqual([first]);
    expect(destinations(clients)).toEqual([second]);
  });

  test("and have one fixed address have it by turns: the newest, and nobody when that is gone", () => {
    const clients = new Clients();
    clients.hear(came(one, first));
    clients.hear(came(other, first));
    const listed = [
      { ...one, cid: 4, destinations: [] },
      { ...other, cid: 5, destinations: [first] },
    ];
    clients.snapshot(clients.ask(), listed);
    expect(clients.present.get(first)).toMatchObject({ cid: 5 });
    clients.hear(gone(other));
    expect(destinations(clients)).toEqual([]);
    clients.snapshot(clients.ask(), listed.slice(0, 1));
    expect(destinations(clients)).toEqual([]);
  });

  test("the end of one that had lost its address to the other is not taken for that one's", () => {
    const clients = new Clients();
    clients.hear(came(one, first));
    clients.hear(came(other, first));
    expect(clients.hear(gone(one))).toEqual([]);
    clients.hear(came(one, second));
    const listed = [
      { ...one, cid: 4, destinations: [] },
      { ...other, cid: 5, destinations: [first] },
    ];
    clients.snapshot(clients.ask(), listed);
    expect(clients.hear(gone(one))).toEqual([]);
    expect(destinations(clients)).toEqual([first]);
  });
});
