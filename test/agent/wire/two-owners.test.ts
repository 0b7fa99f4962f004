import { describe, expect, test } from "vitest";
import { type Means, OwnerRivalry } from "../../../src/agent/wire/two-owners.js";

const windows = { beats: 300, adverts: 500, claims: 25_000 };
const seen = (means: Means) => ({ network: "switches", peer: "lb-b", means, words: `by ${means}` });

/** Somebody is seen by `means` every 100 ms from `from` to `to`. */
function sees(rivalry: OwnerRivalry, means: Means, from: number, to: number): void {
  for (let at = from; at <= to; at += 100) rivalry.sees(seen(means), at);
}

function owner(): OwnerRivalry {
  const rivalry = new OwnerRivalry(windows);
  rivalry.own("switches", true, 0);
  return rivalry;
}

describe("two owners", () => {
  test("are told once when they have lasted a second, and once when it is over, with how long it was", () => {
    const rivalry = owner();
    sees(rivalry, "adverts", 1_000, 1_900);
    expect(rivalry.judge(1_950).begun).toEqual([]);
    sees(rivalry, "adverts", 2_000, 4_000);
    expect(rivalry.judge(4_000).begun).toMatchObject([
      { peer: "lb-b", since: 1_000, evidence: ["by adverts"] },
    ]);
    expect(rivalry.judge(4_100)).toEqual({ begun: [], ended: [] });
    expect(rivalry.current).toHaveLength(1);
    expect(rivalry.judge(4_501).ended).toMatchObject([{ peer: "lb-b", since: 1_000, until: 4_000 }]);
    expect(rivalry.current).toEqual([]);
    expect(rivalry.suspicious).toBe(false);
  });

  test("for the moment of a move are none", () => {
    const rivalry = owner();
    sees(rivalry, "adverts", 1_000, 1_300);
    for (let now = 1_300; now < 3_000; now += 100)
      expect(rivalry.judge(now)).toEqual({ begun: [], ended: [] });
  });

  test("are counted from the first sign of any kind, and every kind is evidence", () => {
    const rivalry = owner();
    rivalry.sees(seen("claims"), 1_000);
    sees(rivalry, "beats", 1_100, 2_100);
    expect(rivalry.judge(2_100).begun).toMatchObject([{ since: 1_000, evidence: ["by claims", "by beats"] }]);
  });

  test("end as soon as the peer says that it no longer is one", () => {
    const rivalry = owner();
    rivalry.sees(seen("claims"), 1_000);
    sees(rivalry, "beats", 1_000, 3_000);
    rivalry.judge(3_000);
    rivalry.denies("switches", "lb-b");
    expect(rivalry.judge(3_050).ended).toMatchObject([{ peer: "lb-b", denied: true }]);
    expect(rivalry.disputed("switches")).toBe(false);
  });

  test("whose rival just falls silent has not left", () => {
    const rivalry = owner();
    sees(rivalry, "beats", 1_000, 3_000);
    rivalry.judge(3_000);
    expect(rivalry.judge(3_301).ended).toMatchObject([{ peer: "lb-b", denied: false }]);
  });

  test("of whom one leaves are still disputed by the third", () => {
    const rivalry = owner();
    for (const peer of ["lb-b", "lb-c"])
      for (let at = 1_000; at <= 3_000; at += 100) rivalry.sees({ ...seen("beats"), peer }, at);
    rivalry.judge(3_000);
    rivalry.denies("switches", "lb-b");
    expect(rivalry.judge(3_050).ended).toHaveLength(1);
    expect(rivalry.disputed("switches")).toBe(true);
  });

  test("of whom one leaves are not disputed by what it claimed before, under whatever name", () => {
    const rivalry = owner();
    rivalry.sees({ ...seen("claims"), peer: "02:68:66:00:00:05" }, 1_000);
    sees(rivalry, "beats", 1_000, 3_000);
    rivalry.judge(3_000);
    rivalry.denies("switches", "lb-b");
    rivalry.judge(3_050);
    expect(rivalry.suspicious).toBe(true);
    expect(rivalry.disputed("switches")).toBe(false);
  });

  test("end when this node gives up, whatever the peer does", () => {
    const rivalry = owner();
    sees(rivalry, "adverts", 1_000, 3_000);
    rivalry.judge(3_000);
    rivalry.own("switches", false, 3_010);
    expect(rivalry.judge(3_020).ended).toHaveLength(1);
  });

  test("are known by claims alone where a machine without keepalived holds the address", () => {
    const rivalry = owner();
    rivalry.sees(seen("claims"), 1_000);
    rivalry.sees(seen("claims"), 11_000);
    expect(rivalry.judge(11_000).begun).toHaveLength(1);
    expect(rivalry.judge(35_000).ended).toEqual([]);
    expect(rivalry.judge(36_001).ended).toHaveLength(1);
  });
});

test("a standby suspects nobody: the owner's adverts are what it waits for", () => {
  const rivalry = new OwnerRivalry(windows);
  sees(rivalry, "adverts", 1_000, 9_000);
  expect(rivalry.suspicious).toBe(false);
  rivalry.own("switches", true, 9_060);
  sees(rivalry, "adverts", 9_000, 9_050);
  expect(rivalry.suspicious).toBe(false);
});

test("whoever changes his address with every frame is one stranger more", () => {
  const rivalry = owner();
  for (let index = 0; index < 1_000; index += 1)
    rivalry.sees({ ...seen("claims"), peer: `02:00:00:00:00:${index}` }, 1_000 + index * 3);
  rivalry.judge(4_000);
  rivalry.judge(4_000);
  expect(rivalry.current.map(({ peer }) => peer)).toEqual(["others"]);
});
