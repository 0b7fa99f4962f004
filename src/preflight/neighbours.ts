import type { EchoReply } from "./echo.js";
import { type Finding, findingsOf } from "./finding.js";
import type { Question } from "./way-back.js";

/** A reply to a question, and the device that it was seen on. */
export interface SeenReply extends EchoReply {
  readonly device: string;
}

/** The kernel's entry for a neighbour (ip-neighbour(8)); null where there is none. */
export interface NeighbourEntry {
  readonly mac: string | null;
  readonly state: string;
}

export interface NeighbourFacts {
  readonly replies: readonly SeenReply[];
  /** By `DEVICE ADDRESS`. */
  readonly entries: ReadonlyMap<string, NeighbourEntry>;
  /** The node's own link-layer address by device. */
  readonly macs: ReadonlyMap<string, string>;
}

const { ok, error, warning, unknown } = findingsOf("neighbours");

/** Whether the neighbours send through the cluster what `holdfast neighbours` says they should. */
export const neighbourFindings = (questions: readonly Question[], facts: NeighbourFacts): Finding[] =>
  questions.flatMap((question, index) => {
    if (question.about === "gateway") return [gateway(question, index, facts)];
    return question.about === "route" ? [route(questions, question, index, facts)] : [];
  });

function gateway({ device, target, network }: Question, index: number, facts: NeighbourFacts): Finding {
  const place = `${network}: router ${target}`;
  const entry = facts.entries.get(`${device} ${target}`);
  if (facts.replies.some((reply) => reply.index === index)) return ok(place, `answers${at(entry)}`);
  if (entry?.state === "REACHABLE") return ok(place, `does not answer ping, but is there${at(entry)}`);
  if (entry === undefined || entry.mac === null)
    return error(
      place,
      `nobody on ${device} has this address`,
      "see that the router is up and in this network; the nodes reach what lies behind it only so",
    );
  return unknown(place, "does not answer ping, and was not heard of lately");
}

function route(
  questions: readonly Question[],
  question: Question,
  index: number,
  facts: NeighbourFacts,
): Finding {
  const { network, device, name, target, source, route: wanted, needed } = question;
  const who = name === target ? `router ${target}` : `${name} (${target})`;
  const place = `${network}: ${who}`;
  const what = `${wanted?.destination === "default" ? "answers to" : "packets for"} ${source}`;
  const replies = facts.replies.filter((reply) => reply.index === index && reply.source === target);
  const ours = replies.find((reply) => reply.device === device && reply.toMac === facts.macs.get(device));
  if (ours !== undefined) {
    const entry = facts.entries.get(`${device} ${target}`);
    if (entry?.mac && entry.mac !== ours.fromMac)
      return warning(
        place,
        `${what} come through the cluster, but by way of ${ours.fromMac}, and not from ${who} itself (${entry.mac})`,
        `see who passes them on, and whether that one may fail: ${command(question)} on ${who} makes it direct`,
      );
    if (ours.destination === source) return ok(place, `sends ${what} through the cluster${at(entry)}`);
    return unknown(
      place,
      `its answers to ${source} are translated on this node: whose route they take cannot be told`,
    );
  }
  const [elsewhere] = replies;
  const found =
    elsewhere === undefined
      ? `sends ${what} to somebody else, or nowhere: no answer comes back`
      : `sends ${what} another way: they come back on ${elsewhere.device}, from ${elsewhere.fromMac}`;
  const plain = questions.findIndex(
    (one) => one.about !== "route" && one.device === device && one.target === target,
  );
  if (elsewhere === undefined && !facts.replies.some((reply) => reply.index === plain))
    return unknown(place, `does not answer ping even from beside it: its route cannot be told`);
  return needed
    ? error(place, found, `on ${who}: ${command(question)}`)
    : warning(
        place,
        `${found}. Sessions of proxy services do without; those that it starts itself do not`,
        `on ${who}: ${command(question)}`,
      );
}

const command = ({ family, route: wanted }: Question): string =>
  `ip ${family === 6 ? "-6 " : ""}route replace ${wanted?.destination} via ${wanted?.via}`;

const at = (entry: NeighbourEntry | undefined): string => (entry?.mac ? `, at ${entry.mac}` : "");

/** `ip -json neighbour show`, by `DEVICE ADDRESS`. */
export function parseEntries(json: string): Map<string, NeighbourEntry> {
  const entries: readonly { dst?: string; dev?: string; lladdr?: string; state?: readonly string[] }[] =
    JSON.parse(json || "[]");
  return new Map(
    entries.map(({ dst, dev, lladdr, state }) => [
      `${dev} ${dst}`,
      { mac: lladdr ?? null, state: state?.[0] ?? "NONE" },
    ]),
  );
}
