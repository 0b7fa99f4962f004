import { describe, expect, test } from "vitest";
import { peerRoutes } from "../../src/api/peer-routes.js";
import { awayFor, takeOver } from "../../src/fleet/take-over.js";
import { pair } from "../deploy/topologies.js";
import { FakeHost } from "../host/fake-host.js";

/** fping's replies, one a millisecond except for the silence. */
function replies(silence: number, count = 2_000): string {
  const start = Date.now() / 1_000;
  const lines = Array.from({ length: count }, (_, index) => {
    const at = start + (index < 100 ? index : index + silence) / 1_000;
    return `[${at.toFixed(5)}] 10.0.1.100 : [${index}], 64 bytes, 0.05 ms (0.05 avg, 0% loss)`;
  });
  return lines.join("\n");
}

function scene(silence: number, count?: number) {
  const host = new FakeHost("lb-b");
  host.faults.run = () => ({ stdout: silence < 0 ? "" : replies(silence, count) });
  const asked: string[] = [];
  const peer = (node: string) => ({ node, yieldFor: async () => void asked.push(node) });
  return { host, asked, peers: [peer("lb-a"), peer("lb-c")] };
}

describe("a node that takes over as planned", () => {
  test("asks those that stand aside first, the active one last, and measures the longest silence", async () => {
    const { host, asked, peers } = scene(12);
    const move = { from: "lb-a", aside: ["lb-c"] };
    const before = Date.now();
    const { at, gap } = await takeOver(host, pair, peers, move, async () => asked.length === 2);
    expect(asked).toEqual(["lb-c", "lb-a"]);
    expect(gap).toBeCloseTo(12, 0);
    expect(at).toBeGreaterThan(before + 250); // It was measured for a while before anybody stepped back.
    expect(host.told[0]).toMatch(/^run fping .* 10\.0\.1\.100$/);
  });

  test("tells a silence that lasts longer than it probes", async () => {
    const { host, peers } = scene(0, 300);
    const move = { from: "lb-a", aside: [] };
    const { gap } = await takeOver(host, pair, peers, move, async () => true);
    expect(gap).toBeGreaterThan(1_500);
  });

  test("says why the active node stays", async () => {
    const { host, peers } = scene(0);
    const stays = peers.map((peer) => ({
      ...peer,
      yieldFor: () => Promise.reject(new Error("no peer is less broken")),
    }));
    const move = { from: "lb-a", aside: [] };
    await expect(takeOver(host, pair, stays, move, async () => false)).rejects.toThrow(
      "lb-a stays: no peer is less broken",
    );
  });

  test("does not call a move good whose address never answered", async () => {
    const { host, peers } = scene(-1);
    const move = { from: "lb-a", aside: [] };
    await expect(takeOver(host, pair, peers, move, async () => true)).rejects.toThrow("never answered it");
  });
});

test.each([10, 1_000, 10_000, 40_000])(
  "with adverts every %d ms nobody is asked to stay away longer than may be asked",
  (advertInterval) => {
    const slow = { ...pair, failover: { ...pair.failover, advertInterval } };
    const body = { milliseconds: awayFor(slow) };
    expect(peerRoutes.yield.body.safeParse(body).success).toBe(true);
  },
);
