import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { HandingOn } from "../../src/fleet/handing-on.js";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

/** A node with one peer, which takes no list until it is `up`. */
function nodeWithLatePeer() {
  const handed: string[] = [];
  const peer = { up: false, asked: 0 };
  const hear = async (crl: string) => {
    peer.asked++;
    if (!peer.up) throw new Error("nobody listens there");
    handed.push(crl);
  };
  const held = { list: "list 1" };
  const spread = new HandingOn({
    word: () => held.list,
    peers: () => [{ node: "lb-b", hear }],
  });
  onTestFinished(() => spread.stop());
  return { handed, held, peer, spread };
}

function nodeWith(list: string | null) {
  const handed: string[] = [];
  const held = { list };
  const hearer = (node: string) => ({
    node,
    hear: async (crl: string) => void handed.push(`${node} ${crl}`),
  });
  const peers = [hearer("lb-b"), hearer("lb-c")];
  return { handed, held, spread: new HandingOn({ word: () => held.list, peers: () => peers }) };
}

test("a new list is handed to every peer, and to each of them once", async () => {
  const { handed, held, spread } = nodeWith("list 1");
  await spread.spread();
  await spread.spread();
  held.list = "list 2";
  await spread.spread();
  expect(handed).toEqual(["lb-b list 1", "lb-c list 1", "lb-b list 2", "lb-c list 2"]);
});

test("a peer that was away is handed the list when it is met again", async () => {
  const { handed, spread } = nodeWith("list 1");
  await spread.spread();
  spread.notice({ name: "lb-b", alive: false });
  spread.notice({ name: "lb-b", alive: true });
  expect(handed).toEqual(["lb-b list 1", "lb-c list 1", "lb-b list 1"]);
});

test("a peer that refuses it, or cannot be reached, keeps nobody else from it", async () => {
  const reached: string[] = [];
  const spread = new HandingOn({
    word: () => "list 1",
    peers: () => [
      { node: "lb-b", hear: () => Promise.reject(new Error("older")) },
      { node: "lb-c", hear: async () => void reached.push("lb-c") },
    ],
  });
  await spread.spread();
  expect(reached).toEqual(["lb-c"]);
});

test("a peer whose beats come before its API answers is handed the list as soon as it does", async () => {
  const { handed, peer, spread } = nodeWithLatePeer();
  spread.notice({ name: "lb-b", alive: true });
  await vi.advanceTimersByTimeAsync(500);
  peer.up = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(handed).toEqual(["list 1"]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(handed).toHaveLength(1);
});

test("a peer that stays silent is asked ever more rarely, and gets the list that is then the newest", async () => {
  const { handed, held, peer, spread } = nodeWithLatePeer();
  await spread.spread();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(peer.asked).toBeLessThan(20);
  [held.list, peer.up] = ["list 2", true];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(handed).toEqual(["list 2"]);
});

test("an agent that ends asks nobody again", async () => {
  const { peer, spread } = nodeWithLatePeer();
  await spread.spread();
  spread.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(peer.asked).toBe(1);
});

test("a node without a certificate has no list to hand on", async () => {
  const { handed, spread } = nodeWith(null);
  await spread.spread();
  expect(handed).toEqual([]);
});
