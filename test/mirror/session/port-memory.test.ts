import { expect, test } from "vitest";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import type { WireVersion } from "../../../src/mirror/openflow/version.js";
import { type Dialogue, dialogue, hex, multipart, port, portStatus } from "./dialogue.js";

const named = (version: WireVersion, ...numbers: number[]): Buffer =>
  Buffer.concat(numbers.map((number) => port(version, number, `eth${number}`)));

/** A master controller that has greeted, and what it learns of ports. */
function asking(version: WireVersion) {
  const talk = dialogue(version);
  talk.ask(helloFor(version, 9));
  let xid = 100;
  return {
    ...talk,
    describe: (more: 0 | 1, ...numbers: number[]) =>
      talk.tell(multipart(version, 19, 7, 13, more, named(version, ...numbers))),
    /** Names of the ports it is told of; null where it hears nothing. */
    ports: (one: number | null = null): string[] | null => {
      xid += 1;
      const which = version < 6 ? "" : `${(one ?? 0xffffffff).toString(16).padStart(8, "0")}00000000`;
      const [reply] = talk.ask(multipart(version, 18, xid, 13, 0, hex(which)));
      return reply === undefined ? null : namesIn(reply);
    },
  };
}

const namesIn = (reply: string): string[] =>
  Buffer.from(reply, "hex")
    .toString("latin1")
    .match(/eth\d+/g) ?? [];

const lateAnswer = ({ session, said }: Dialogue, now: number): string | undefined => {
  session.tick(now);
  return said.at(-1);
};

test.each<[WireVersion]>([[4], [5], [6]])(
  "with wire version %i ports that a later description leaves out are gone",
  (version) => {
    const { describe, ports } = asking(version);
    describe(1, 1, 2);
    describe(0, 3);
    expect(ports()).toEqual(["eth1", "eth2", "eth3"]);
    describe(0, 1, 3);
    expect(ports()).toEqual(["eth1", "eth3"]);
  },
);

test("to 1.4 one port may be all there is, and none, too", () => {
  const { describe, ports } = asking(4);
  describe(0, 1, 2, 3);
  describe(0, 1);
  expect(ports()).toEqual(["eth1"]);
  describe(0);
  expect(ports()).toEqual([]);
});

test("from 1.5 on an answer about one port tells nothing of the others", () => {
  const talk = asking(6);
  talk.describe(0, 3);
  expect(talk.memory.ports).toBe(null);
  expect(talk.ports(3)).toEqual(["eth3"]);
  expect(talk.ports()).toBe(null);
  expect(talk.ports(2)).toBe(null);
  talk.describe(0, 1, 2, 3);
  expect(talk.said.slice(-2).map(namesIn)).toEqual([["eth1", "eth2", "eth3"], ["eth2"]]);
  talk.tell(multipart(6, 19, 8, 13, 0, port(6, 2, "eth22")));
  talk.tell(multipart(6, 19, 9, 13, 0));
  expect(talk.ports()).toEqual(["eth1", "eth22", "eth3"]);
});

test("a change between the parts of a description is not undone by its end", () => {
  const { describe, tell, ports } = asking(4);
  describe(1, 1, 2);
  tell(portStatus(4, 1, port(4, 1, "eth1")));
  tell(portStatus(4, 0, port(4, 4, "eth4")));
  describe(0, 3);
  expect(ports()).toEqual(["eth2", "eth4", "eth3"]);
});

test("behind a hole a description takes no port away: it may be the rest of one", () => {
  const { describe, memory, ports } = asking(4);
  describe(0, 1, 2, 3);
  memory.missed();
  describe(0, 3, 4);
  expect(ports()).toEqual(["eth1", "eth2", "eth3", "eth4"]);
  describe(0, 1, 4);
  expect(ports()).toEqual(["eth1", "eth4"]);
});

test("where nobody asks the switch for its ports, a master controller hears in the end of those that are known", () => {
  const talk = asking(4);
  expect(talk.ports()).toBe(null);
  expect(lateAnswer(talk, 2_999)).not.toMatch(/^0413/);
  expect(lateAnswer(talk, 3_000)).toBe(multipart(4, 19, 101, 13, 0).toString("hex"));
  talk.tell(portStatus(4, 0, port(4, 5, "eth5")));
  expect(talk.ports()).toBe(null);
  talk.session.tick(6_000);
  expect(namesIn(talk.said.at(-1) ?? "")).toEqual(["eth5"]);
});
