import { describe, expect, test } from "vitest";
import { answersBeside, mixed } from "../../src/drill/meanwhile.js";
import type { WireEvent } from "../../src/drill/wire.js";
import type { NodeState } from "../../src/observe/state.js";

const [a, b] = ["02:68:66:00:00:01", "02:68:66:00:00:02"];
const owner = { machine: "lb-b", mac: b };
const names = new Map([
  [a, "lb-a"],
  [b, "lb-b"],
]);

const answer = (mac: string, address: string): WireEvent => ({ kind: "answer", at: 0, mac, address });

describe("who answers for a virtual IP", () => {
  const beside = (...events: WireEvent[]) => answersBeside(events, ["10.0.1.100"], owner, names);

  test("may be its owner, and anybody for an address that is no virtual IP", () => {
    expect(beside(answer(b, "10.0.1.100"), answer(a, "10.0.1.2"))).toEqual([]);
  });

  test("is named once where he is not the owner, by his MAC where nobody knows it", () => {
    const [stray, stranger] = [answer(a, "10.0.1.100"), answer("02:00:00:00:00:09", "10.0.1.100")];
    expect(beside(stray, answer(b, "10.0.1.100"), stray, stranger)).toEqual([
      "lb-a says that it has 10.0.1.100, which lb-b owns",
      "02:00:00:00:00:09 says that it has 10.0.1.100, which lb-b owns",
    ]);
  });
});

describe("a mix of generations", () => {
  const runs = (name: string, generation: NodeState["generation"]) => ({ name, generation }) as NodeState;

  test("is none where a node is off", () => {
    const one = { number: 3, digest: "abcdef0123" };
    expect(mixed([runs("lb-a", one), runs("lb-b", one), runs("lb-c", null)])).toEqual([]);
  });

  test("says who runs which", () => {
    const [one, other] = [
      { number: 3, digest: "abcdef0123" },
      { number: 4, digest: "0123abcdef" },
    ];
    expect(mixed([runs("lb-a", other), runs("lb-b", one)])).toEqual([
      "the nodes run different generations: lb-a runs 4 (0123ab), lb-b runs 3 (abcdef)",
    ]);
  });
});
