import { expect, test } from "vitest";
import { RevocationSpread } from "../../src/fleet/revocation-spread.js";

function nodeWith(list: string | null) {
  const handed: string[] = [];
  const held = { list };
  const hearer = (node: string) => ({
    node,
    hearRevocations: async (crl: string) => void handed.push(`${node} ${crl}`),
  });
  const peers = [hearer("lb-b"), hearer("lb-c")];
  return { handed, held, spread: new RevocationSpread({ list: () => held.list, peers: () => peers }) };
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
  const spread = new RevocationSpread({
    list: () => "list 1",
    peers: () => [
      { node: "lb-b", hearRevocations: () => Promise.reject(new Error("older")) },
      { node: "lb-c", hearRevocations: async () => void reached.push("lb-c") },
    ],
  });
  await spread.spread();
  expect(reached).toEqual(["lb-c"]);
});

test("a node without a certificate has no list to hand on", async () => {
  const { handed, spread } = nodeWith(null);
  await spread.spread();
  expect(handed).toEqual([]);
});
