import { setTimeout as sleep } from "node:timers/promises";
import { longestYield } from "../api/peer-routes.js";
import { replyAt } from "../drill/probe-log.js";
import { outage } from "../drill/series.js";
import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { detection } from "../topology/timing.js";
import type { Member, Move, Takeover } from "./member.js";
import { messageOf, Refusal } from "./refusal.js";

/** Milliseconds. */
const quietBefore = 300;
const movedWithin = 10_000; // A goodbye is answered within a fraction of one advert, whatever the interval.
const lookEvery = 50;
const probes = 2_000;

/** How long the nodes that yield stay away: the new owner is long settled then. Milliseconds. */
export const awayFor = (cluster: Cluster): number =>
  Math.min(longestYield, Math.max(1_000, 3 * detection(cluster)));

/**
 * Makes this node active, and measures the gap in milliseconds: the longest silence of the first virtual IP, probed
 * every millisecond from here, first across the network and then at home.
 *
 * @param isActive whether keepalived made this node the owner of everything
 */
export async function takeOver(
  host: Pick<Host, "run">,
  cluster: Cluster,
  peers: readonly Pick<Member, "node" | "yieldFor">[],
  { from, aside }: Pick<Move, "from" | "aside">,
  isActive: () => Promise<boolean>,
): Promise<Takeover> {
  const address = cluster.virtualIps[0]?.addresses[0]?.address ?? "";
  const started = Date.now();
  const probing = host.run(
    ["fping", "-D", "-i", "1", "-p", "1", "-t", "1000", "-c", String(probes), address],
    { timeout: probes * 4 + 5_000 },
  );
  probing.catch(() => undefined); // Looked at below, whatever the move does meanwhile.
  await sleep(quietBefore);
  const at = Date.now();
  for (const name of [...aside, from]) {
    const peer = peers.find(({ node }) => node === name);
    if (peer === undefined) throw new Refusal(`there is no node ${name} that could step back`);
    await peer.yieldFor(awayFor(cluster)).catch((error: unknown) => {
      throw new Refusal(`${name} stays: ${messageOf(error)}`);
    });
  }
  for (const until = Date.now() + movedWithin; !(await isActive()); await sleep(lookEvery))
    if (Date.now() > until)
      throw new Refusal(
        `this node did not become active within ${movedWithin / 1_000} s: see 'holdfast status'`,
      );
  const replies = (await probing).stdout.split("\n").flatMap((line) => replyAt(line) ?? []);
  if (replies.length === 0) throw new Refusal(`this node is active, but ${address} never answered it`);
  // A silence that the probing did not outlast is told as far as it was seen, and not left out.
  return { at, gap: outage(replies, 1, started, Math.max(started + probes, ...replies.slice(-1))) };
}
