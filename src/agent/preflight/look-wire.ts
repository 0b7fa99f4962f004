import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { type Heard, routersHeard } from "../../preflight/adverts.js";
import { echoFilter, echoRequest, repliesIn } from "../../preflight/echo.js";
import { type Frame, framesIn, ipPacketIn } from "../../preflight/ethernet-dump.js";
import type { SeenReply } from "../../preflight/neighbours.js";
import { type AdvertLink, parseProbe, probeLines } from "../../preflight/protocol-112.js";
import { strangersFilter } from "../../preflight/virtual-routers.js";
import type { Question } from "../../preflight/way-back.js";
import type { Cluster, Interface, Node } from "../../topology/cluster.js";
import { networkNamed, vrrpNetworks } from "../../topology/select.js";
import { sendPackets } from "../release/send-packets.js";
import { attempt } from "./attempt.js";

/** Seconds that the wire is watched: four adverts of the slowest profile. */
export const watched = 4;
/** Milliseconds until every capture has begun, and between two rounds of questions. */
const settling = 800;
const between = 900;
const rounds = 3;
/** Bytes of a frame and frames of a network: enough for every header, and for whoever floods the wire. */
const limits = { snap: "128", frames: "800", ring: "512" };

export interface WireFacts {
  /** By network; null where no capture ran. */
  readonly heard: ReadonlyMap<string, readonly Heard[] | null>;
  /** Packets of protocol 112 by network and source. */
  readonly seen: (network: string, source: string) => number | null;
  readonly probe: ReturnType<typeof parseProbe> | null;
  readonly replies: readonly SeenReply[];
}

const probeProgram = fileURLToPath(new URL("../../../programs/vrrp-probe.pl", import.meta.url));

/** Watches the node's networks for a few seconds while it asks on them. */
export async function watchWire(
  host: Host,
  cluster: Cluster,
  node: Node,
  links: readonly AdvertLink[],
  questions: readonly Question[],
): Promise<WireFacts> {
  const id = randomInt(1, 0xffff);
  const capturing = Promise.all(node.interfaces.map((face) => capture(host, cluster, face)));
  const [captures, probe] = await Promise.all([capturing, runProbe(host, links), ask(host, questions, id)]);
  const speaking = new Set(vrrpNetworks(cluster).map(({ name }) => name));
  const framesOn = (network: string): readonly Frame[] | null =>
    captures.find((one) => one.network === network)?.frames ?? null;
  return {
    probe,
    heard: new Map(
      [...speaking].map((network) => {
        const frames = framesOn(network);
        return [network, frames === null ? null : routersHeard(frames)];
      }),
    ),
    seen: (network, source) => framesOn(network)?.filter(({ bytes }) => isFrom(bytes, source)).length ?? null,
    replies: captures.flatMap(({ device, frames }) =>
      repliesIn(frames ?? [], id).map((reply) => ({ ...reply, device })),
    ),
  };
}

function isFrom(bytes: Buffer, source: string): boolean {
  const packet = ipPacketIn(bytes);
  return packet?.protocol === 112 && packet.source === source;
}

async function capture(host: Host, cluster: Cluster, { network, device }: Interface) {
  const filter = `(${strangersFilter(cluster, networkNamed(cluster, network))}) or ${echoFilter}`;
  // It ends with timeout(1), and that by itself: nothing outlives the agent for longer.
  const argv = [
    ...["timeout", "--signal=INT", String(watched), "setpriv", "--pdeathsig", "KILL"],
    ...["tcpdump", "-Z", "root", "--immediate-mode", "-i", device, "-n", "-tt", "-xx"],
    ...["-s", limits.snap, "-B", limits.ring, "-c", limits.frames, filter],
  ];
  const result = await attempt(host, argv, { timeout: watched * 1_000 + 3_000 });
  const ran = result !== null && /listening on/.test(result.stderr);
  return { network, device, frames: ran ? framesIn(result.stdout) : null };
}

async function runProbe(host: Host, links: readonly AdvertLink[]): Promise<WireFacts["probe"]> {
  if (links.length === 0) return null;
  const result = await attempt(host, ["perl", probeProgram, String(watched)], {
    stdin: probeLines(links),
    timeout: watched * 1_000 + 3_000,
  });
  return result?.exitCode === 0 ? parseProbe(result.stdout) : null;
}

/** A few times, as one packet may be lost, or be the one that has to find its neighbour first. */
async function ask(host: Host, questions: readonly Question[], id: number): Promise<void> {
  await sleep(settling);
  for (let round = 0; round < rounds && questions.length > 0; round++) {
    const packets = questions.map((question, index) => echoRequest(question, id, index));
    await sendPackets(host, packets, packets.length).catch(() => 0);
    await sleep(between);
  }
}
