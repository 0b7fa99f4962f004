import { expect, test } from "vitest";
import { changedPeers, peerState } from "../../../src/agent/beats/peer-state.js";
import type { PeerWord } from "../../../src/agent/beats/peers.js";

const word: PeerWord = {
  name: "lb-b",
  age: 20.4,
  severity: 0,
  faults: [],
  yielding: false,
  generation: { number: 3, digest: "a1b2c3d4e5f6" },
  unsettled: false,
};
const state = (changes: Partial<PeerWord> = {}) => peerState({ ...word, ...changes }, 500);

test("a peer whose beats stopped is neither alive nor ready", () => {
  expect(state({ age: 501 })).toMatchObject({ alive: false, ready: false });
  expect(state({ severity: 2 })).toMatchObject({ alive: true, ready: false });
});

test("only what matters of a peer is news: time alone is not", () => {
  const news = (changes: Partial<PeerWord>) => changedPeers([state()], [state(changes)]).length;
  expect(news({ age: 300 })).toBe(0);
  expect(news({ age: 600 })).toBe(1);
  expect(news({ severity: 100 })).toBe(1);
  expect(news({ unsettled: true })).toBe(1);
  expect(news({ yielding: true })).toBe(1);
  expect(news({ generation: { number: 4, digest: "0123456789ab" } })).toBe(1);
  expect(changedPeers([], [state()])).toHaveLength(1);
});
