import { setTimeout as sleep } from "node:timers/promises";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { p99, spread } from "./statistics.js";
import { fixedAddress, streamInterval, VpnStage } from "./vpn-stage.js";

/** Milliseconds for which a client is left where it is before it comes elsewhere. */
const stay = 1_500;
/** The client comes to these by turns; the one that it is reached from is on the third. */
const [ours, theirs] = [["vpn-a", "vpn-b"], "vpn-c"] as const;

/**
 * A client with a fixed address goes from one server to another without a word, and comes up there: how long until a client
 * of a third server is answered by it. Its ghost is still on the server that it left.
 */
export const vpnFirstPacket: Bench = {
  name: "vpn-first-packet",
  summary: "how soon a client that came to a VPN server is reached from another server's client",
  runs: 100,
  run(options) {
    options.progress("starting three servers");
    return VpnStage.during((stage) => measure(stage, options));
  },
};

async function measure(stage: VpnStage, { runs, progress, signal }: BenchOptions): Promise<Bar[]> {
  await stage.connect("host2", 2, theirs);
  const figures: number[] = [];
  await stage.settled(signal);
  await stage.until("host2 is up", () => stage.up("host2", 0), signal);
  const stream = await stage.stream("host2", fixedAddress.host1);
  for (let run = 0; run < runs; run++) {
    progress(`run ${run + 1} of ${runs}`);
    const from = Date.now();
    if (run > 0) await stage.overlay.disconnect(stage.client("host1"), "host1", "KILL");
    await stage.connect("host1", 1, ours[run % ours.length] ?? ours[0]);
    const { at } = await stage.until("host1 is up", () => stage.up("host1", from), signal);
    const first = await stage.until(
      "host1 is reached",
      async () => (await stream.answers()).find((answer) => answer > at) ?? null,
      signal,
    );
    figures.push(first - at);
    await sleep(stay, undefined, { signal });
  }
  return [figureOf(figures), polled()];
}

const figureOf = (figures: readonly number[]): Bar => ({
  name: "client up on a VPN server, first answer to another server's client (p99)",
  figure: p99(figures),
  unit: "ms",
  atMost: 150,
  detail: `median ${spread(figures)}, ${figures.length} runs, a request each ${streamInterval} ms, it moves each time`,
  runs: { counted: figures, apart: [] },
});

/** Three loops that look every 10 s, each at what the one before it found, as cube-routed's do. */
const loops = { count: 3, milliseconds: 10_000, tries: 10_000 };

/** A model, not a measurement: a change meets each loop at any moment of its pause. */
function polled(): Bar {
  const waits = Array.from({ length: loops.tries }, () =>
    Array.from({ length: loops.count }, () => Math.random() * loops.milliseconds).reduce((a, b) => a + b),
  );
  return {
    name: "the same where three chained loops look every 10 s (p99 of a model)",
    ...{ figure: p99(waits), unit: "ms", atMost: null },
    detail: `median ${spread(waits, 0)}, ${loops.tries} draws, nothing was run`,
  };
}
