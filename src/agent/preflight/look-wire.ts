import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { claimants, claimsFilter } from "../../preflight/address-holders.js";
import type { AddressQuestion } from "../../preflight/address-probe.js";
import type { Link } from "../../preflight/devices.js";
import { echoFilter, echoRequest, repliesIn } from "../../preflight/echo.js";
import { type Frame, ipPacketIn } from "../../preflight/ethernet-dump.js";
import type { SeenReply } from "../../preflight/neighbours.js";
import { type AdvertLink, parseProbe, probeLines } from "../../preflight/protocol-112.js";
import { routedFilter, routedNetworks } from "../../preflight/routed-clients.js";
import { strangersFilter } from "../../preflight/virtual-routers.js";
import type { Question } from "../../preflight/way-back.js";
import type { Cluster, Interface, Node } from "../../topology/cluster.js";
import { networkNamed } from "../../topology/select.js";
import { sendPackets } from "../release/send-packets.js";
import { askAddresses } from "./ask-addresses.js";
import { attempt } from "./attempt.js";
import { captureFrames } from "./capture-frames.js";

/** Seconds that the wire is watched: four adverts of the slowest profile. */
export const watched = 4;
/** Milliseconds until every capture has begun, and between two rounds of questions. */
const settling = 800;
const between = 900;
const rounds = 3;

/** What is asked of the wire. */
export interface WireQuestions {
  readonly links: readonly AdvertLink[];
  readonly echoes: readonly Question[];
  readonly addresses: readonly AddressQuestion[];
  /** The node's devices. */
  readonly devices: readonly Link[];
  /** The node's own link-layer addresses, by device; none where what comes to it is of no interest. */
  readonly routedTo: ReadonlyMap<string, string>;
}

/** Frames by network; null where no capture ran. */
type Frames = ReadonlyMap<string, readonly Frame[] | null>;

export interface WireFacts {
  /** Everything of protocol 112 but the cluster's own adverts, answers to the questions, and who claims an address. */
  readonly frames: Frames;
  /** What came from behind the routers. */
  readonly routed: Frames;
  readonly probe: ReturnType<typeof parseProbe> | null;
  readonly replies: readonly SeenReply[];
  /** Of each address that was asked for, in order. */
  readonly claims: readonly { readonly heard: string[] | null; readonly refused: string | null }[];
}

const probeProgram = fileURLToPath(new URL("../../../programs/vrrp-probe.pl", import.meta.url));

/** Watches the node's networks for a few seconds while it asks on them. */
export async function watchWire(
  host: Host,
  cluster: Cluster,
  node: Node,
  { links, echoes, addresses, devices, routedTo }: WireQuestions,
): Promise<WireFacts> {
  const id = randomInt(1, 0xffff);
  const [frames, routed, probe, refusals] = await Promise.all([
    capture(host, node.interfaces, 800, ({ network, device }) => {
      const mac = devices.find(({ name }) => name === device)?.mac ?? "";
      const asked = addresses.filter((one) => one.device === device);
      const filters = [`(${strangersFilter(cluster, networkNamed(cluster, network))})`, echoFilter(id)];
      return [...filters, ...claimsFilter(asked, mac)].join(" or ");
    }),
    capture(host, node.interfaces, 40, ({ network, device }) => {
      const mac = routedNetworks(cluster).includes(network) ? routedTo.get(device) : undefined;
      return mac === undefined ? null : routedFilter(cluster, network, mac);
    }),
    runProbe(host, links),
    sleep(settling).then(() => askAddresses(host, addresses, devices)),
    ask(host, echoes, id),
  ]);
  const replies = node.interfaces.flatMap(({ network, device }) =>
    repliesIn(frames.get(network) ?? [], id).map((reply) => ({ ...reply, device })),
  );
  const claims = addresses.map(({ network, address }, index) => {
    const [seen, refused] = [frames.get(network) ?? null, refusals[index] ?? null];
    if (seen === null)
      return { heard: null, refused: "no capture ran: is tcpdump installed, and the device up?" };
    return { heard: refused === null ? claimants(address, seen) : null, refused };
  });
  return { frames, routed, probe, replies, claims };
}

/** How many packets of protocol 112 an address sent. */
export const sentBy = (source: string, frames: readonly Frame[]): number =>
  frames.filter(({ bytes }) => {
    const packet = ipPacketIn(bytes);
    return packet?.protocol === 112 && packet.source === source;
  }).length;

async function capture(
  host: Host,
  faces: readonly Interface[],
  most: number,
  filterOf: (face: Interface) => string | null,
): Promise<Frames> {
  const all = faces.map(async (face) => {
    const filter = filterOf(face);
    if (filter === null) return [];
    return [
      [face.network, await captureFrames(host, face.device, filter, { seconds: watched, most })] as const,
    ];
  });
  return new Map((await Promise.all(all)).flat());
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
