import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../../src/vpn/clients.js";
import { Management, type Reply } from "../../src/vpn/management.js";
import { established, greeting, snapshot, wire } from "./recorded.js";

function talk(password: string | null = "secret") {
  const heard = { sent: [] as string[], ready: 0, events: [] as ClientEvent[], closed: [] as string[] };
  const management = new Management(password, {
    send: (text) => void heard.sent.push(text),
    ready: () => {
      heard.ready += 1;
    },
    client: (event) => void heard.events.push(event),
    close: (why) => void heard.closed.push(why),
  });
  const replies: Reply[] = [];
  const ask = (command: string) => management.ask(command, (reply) => void replies.push(reply));
  return { management, heard, replies, ask };
}

function attached() {
  const talking = talk();
  talking.management.receive(Buffer.from("ENTER PASSWORD:"));
  talking.management.receive(wire(...greeting));
  return talking;
}

const session = { name: "host1", since: 1796011498, from: "192.0.2.11:44553" };
const login = { session, destinations: ["10.100.200.1/32", "fd00:100::c8:1/128"] };

describe("the management interface", () => {
  test("gets the password where it asks for one, and is ready when it took it", () => {
    const { heard, management } = talk();
    management.receive(Buffer.from("ENTER PASS"));
    expect(heard.sent).toEqual([]);
    management.receive(Buffer.from("WORD:"));
    expect(heard).toMatchObject({ sent: ["secret\n"], ready: 0 });
    management.receive(wire(...greeting));
    expect(heard).toMatchObject({ sent: ["secret\n"], ready: 1, closed: [] });
  });

  test("is ready at once where none is set", () => {
    const { heard, management } = talk(null);
    management.receive(wire(greeting[1] ?? ""));
    expect(heard).toMatchObject({ sent: [], ready: 1 });
  });

  test.each([
    [
      "wants a password that nobody has",
      null,
      Buffer.from("ENTER PASSWORD:"),
      "it wants a password, and none is set",
    ],
    [
      "refuses it",
      "x",
      Buffer.from("ENTER PASSWORD:ERROR: bad password\r\nENTER PASSWORD:"),
      "it refuses the password",
    ],
  ])("that %s is left", (_, password, bytes, why) => {
    const { heard, management } = talk(password);
    // As it comes: the prompt alone, first.
    management.receive(bytes.subarray(0, 15));
    management.receive(bytes.subarray(15));
    expect(heard).toMatchObject({ ready: 0, closed: [why] });
  });

  test("answers in the order of the questions, and tells of clients in between", () => {
    const { ask, heard, management, replies } = attached();
    ask("status 3");
    ask("client-kill 2");
    ask("client-kill 77");
    management.receive(wire(...established.slice(0, 5)));
    management.receive(wire(...established.slice(5), ...snapshot, ">NOTIFY:info,remote-exit,EXIT"));
    management.receive(wire("SUCCESS: client-kill command succeeded", "ERROR: client-kill command failed"));
    expect(heard.sent.slice(1)).toEqual(["status 3\n", "client-kill 2\n", "client-kill 77\n"]);
    expect(replies).toEqual([
      { lines: snapshot },
      { lines: ["SUCCESS: client-kill command succeeded"] },
      { error: "client-kill command failed" },
    ]);
    expect(heard.events).toEqual([{ kind: "established", login, cid: 3 }]);
    expect(heard.closed).toEqual([]);
  });

  test("says the same however its bytes are cut", () => {
    const all = Buffer.concat([wire(...established), wire(...snapshot), wire("SUCCESS: ü")]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: all.length }), { maxLength: 30 }), (cuts) => {
        const { ask, heard, management, replies } = attached();
        ask("status 3");
        ask("pid");
        const places = [0, ...cuts.sort((a, b) => a - b), all.length];
        for (const [index, place] of places.entries())
          management.receive(all.subarray(places[index - 1] ?? 0, place));
        expect(replies).toEqual([{ lines: snapshot }, { lines: ["SUCCESS: ü"] }]);
        expect(heard.events).toEqual([{ kind: "established", login, cid: 3 }]);
      }),
      { numRuns: 200 },
    );
  });

  test("may tell of other things, which nobody follows", () => {
    const { heard, management } = attached();
    management.receive(
      wire(
        ">CLIENT:ADDRESS,3,10.100.200.1,1",
        ">CLIENT:DISCONNECT,3",
        ...established.slice(1),
        ">CLIENT:CONNECT,3,1",
        ...established.slice(1),
        ">CLIENT:ENV,common_name=nobody's",
        ">HOLD:Waiting for hold release:0",
        ">CLIENT:ESTABLISHED,4",
        ">CLIENT:ENV,common_name=without more",
        ">CLIENT:ENV,END",
      ),
    );
    expect(heard).toMatchObject({ events: [], closed: [] });
  });

  test("that answers what nobody asked is left: nothing that follows could be trusted", () => {
    const { ask, heard, management, replies } = attached();
    management.receive(wire("SUCCESS: client-kill command succeeded"));
    ask("status 3");
    management.receive(wire(...snapshot));
    expect(heard.closed).toEqual(["it answers what nobody asked"]);
    expect(replies).toEqual([]);
  });

  test.each([
    ["a line", "a line has no end", () => Buffer.alloc(1_000, "x"), 20],
    ["a client's environment", "a client's environment has no end", () => wire(">CLIENT:ENV,a=b"), 2_000],
    ["an answer", "an answer has no end", () => wire(...Array(10_000).fill("")), 300],
  ])("cannot fill the memory by %s that never ends", (_, why, piece, times) => {
    const { ask, heard, management } = attached();
    ask("status 3");
    management.receive(wire(">CLIENT:ESTABLISHED,1"));
    const bytes = piece();
    for (let time = 0; time < times; time += 1) management.receive(bytes);
    expect(heard.closed).toEqual([why]);
  });

  test("is never given two commands where one was meant", () => {
    const { ask, heard } = attached();
    expect(() => ask("client-kill 1\nsignal SIGTERM")).toThrow("a command is one line");
    expect(heard.sent).toEqual(["secret\n"]);
  });
});
