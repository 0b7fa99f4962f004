import { expect, test } from "vitest";
import { type Reader, Turns } from "../../../src/mirror/switch/turns.js";

/** Rounds that were asked for; each is one turn of the event loop. */
const due: (() => void)[] = [];
const looks: string[] = [];

const reader = (name: string, bytes: number): Reader => {
  let left = bytes;
  return {
    get waits() {
      return left > 0;
    },
    look: (most) => {
      const taken = Math.min(most, left);
      left -= taken;
      looks.push(name);
      return taken;
    },
  };
};

test("a flood is looked at a little in each turn of the event loop, and nobody waits for the end of another's", () => {
  const turns = new Turns((act) => due.push(act));
  turns.add(reader("flood", 65_536));
  turns.add(reader("other flood", 65_536));
  turns.add(reader("word", 8));
  expect(due).toHaveLength(1);
  due.shift()?.();
  expect(looks.slice(0, 4)).toEqual(["flood", "other flood", "word", "flood"]);
  expect(looks).toHaveLength(5);
  let rounds = 1;
  for (let act = due.shift(); act !== undefined; act = due.shift()) {
    act();
    rounds += 1;
    expect(due.length).toBeLessThanOrEqual(1);
  }
  expect(rounds).toBeGreaterThan(7);
  expect(looks).toHaveLength(33);
});
