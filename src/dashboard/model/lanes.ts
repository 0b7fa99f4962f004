import type { Event } from "../../api/event.js";
import { keyOf } from "./state.js";

/** How a span or a mark looks. */
export type Tone = "owned" | "good" | "warning" | "bad" | "plain";

/** Something that lasted; milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  /** Null while it goes on. */
  readonly until: number | null;
  readonly tone: Tone;
  readonly text: string;
  /** Keys of the events that it was made of. */
  readonly keys: readonly string[];
}

/** Something that happened at a moment. */
export interface Mark {
  readonly at: number;
  readonly tone: Tone;
  readonly text: string;
  readonly keys: readonly string[];
}

/** What happened of one kind, or to one machine. */
export interface Lane {
  readonly name: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
}

/** A state that an event begins or ends. */
interface Turn {
  readonly event: Event;
  readonly begins: boolean;
  readonly tone: Tone;
}

/** What stands open before the first event that tells of it was so since the log began. */
const always = Number.NEGATIVE_INFINITY;

/**
 * All that the nodes told, in lanes. The log may begin in the middle of anything.
 *
 * @param events by time
 * @param nodes names of the load balancers, in the topology's order
 */
export function lanesOf(events: readonly Event[], nodes: readonly string[]): Lane[] {
  const lane = (name: string, spans: readonly Span[], marks: readonly Mark[] = []): Lane[] =>
    spans.length + marks.length === 0 ? [] : [{ name, spans, marks }];
  const of = (...kinds: readonly Event["kind"][]) => events.filter(({ kind }) => kinds.includes(kind));
  return [
    ...nodes.flatMap((node) => [
      ...lane(`${node}: owner`, spansOf(ownerTurns(events, node))),
      ...lane(`${node}: trouble`, troublesOf(events, node)),
    ]),
    ...lane("two owners", spansOf(of("two-owners").map(contest))),
    ...lane("servers", serversDown(of("server"))),
    ...lane("changes", [], of("apply", "maintenance").map(changeMark)),
    ...lane("drills", spansOf(onePerDrill(of("drill")))),
    ...lane(
      "other",
      [],
      of("drift", "sync", "table", "mirror", "vpn", "certificate", "agent").map(otherMark),
    ),
  ];
}

/** Each run of turns that begin, up to the one that ends. A second beginning is a part of the first. */
function spansOf(turns: readonly Turn[]): Span[] {
  const spans: Span[] = [];
  let open: Span[] = [];
  for (const { event, begins, tone } of turns) {
    const [at, key] = [Date.parse(event.at), keyOf(event)];
    const [known] = open;
    const fresh = { from: begins ? at : always, until: null, tone, text: event.text, keys: [] };
    const span = { ...(known ?? fresh), keys: [...(known?.keys ?? []), key] };
    open = begins ? [span] : [];
    // An end without a beginning is of what was so before the log begins; later it is of nothing.
    if (!begins && (known !== undefined || spans.length === 0)) spans.push({ ...span, until: at, tone });
  }
  return [...spans, ...open];
}

const ownerTurns = (events: readonly Event[], node: string): Turn[] =>
  events.flatMap((event): Turn[] => {
    const { from, to } = event.details;
    if (event.kind !== "role" || event.node !== node || (to !== "master" && from !== "master")) return [];
    return [{ event, begins: to === "master", tone: "owned" }];
  });

const contest = (event: Event): Turn => ({ event, begins: event.details.lasted === null, tone: "bad" });

/** One node's faults as it told them itself, and its silence as the others did: as long as there is any. */
function troublesOf(events: readonly Event[], node: string): Span[] {
  const open = new Set<string>();
  const turns = events.flatMap((event): Turn[] => {
    const before = open.size;
    if (event.kind === "fault" && event.node === node) {
      for (const name of texts(event.details.cleared)) open.delete(name);
      for (const name of texts(event.details.raised)) open.add(name);
      if (open.size === before && before === 0 && texts(event.details.cleared).length === 0) return [];
    } else if (event.kind === "peer" && event.details.peer === node) {
      if (event.details.heard === false) open.add("silence");
      // Whoever was silent starts anew: what it had told of is not so any more, or is told again.
      else open.clear();
    } else return [];
    return [{ event, begins: open.size > 0, tone: "warning" }];
  });
  return spansOf(turns);
}

/** As long as any server is down. Both nodes tell of each. */
function serversDown(events: readonly Event[]): Span[] {
  const down = new Set<string>();
  const turns = events.flatMap((event): Turn[] => {
    const { service, server, up } = event.details;
    if (typeof up !== "boolean") return [];
    const name = `${String(service)}/${String(server)}`;
    if (up === !down.has(name) && down.size > 0) return [];
    if (up) down.delete(name);
    else down.add(name);
    return [{ event, begins: down.size > 0, tone: "warning" }];
  });
  return spansOf(turns);
}

/** Every node notes each drill: those that the first one noted count. */
function onePerDrill(events: readonly Event[]): Turn[] {
  const begun = new Set<string>();
  return events.flatMap((event): Turn[] => {
    const { drill, outcome } = event.details;
    const [name, begins] = [String(drill), outcome === "begins"];
    if (begins === begun.has(name)) return [];
    if (begins) begun.add(name);
    else begun.delete(name);
    return [{ event, begins, tone: outcome === "failed" ? "bad" : "good" }];
  });
}

const changeMark = (event: Event): Mark => ({
  ...markOf(event),
  tone:
    event.details.phase === "aborted" || (event.kind === "apply" && event.details.phase === undefined)
      ? "warning"
      : "good",
});

const otherMark = (event: Event): Mark => ({
  ...markOf(event),
  tone: event.kind === "agent" ? "plain" : "warning",
});

const markOf = (event: Event) => ({
  at: Date.parse(event.at),
  text: `${event.node}: ${event.text}`,
  keys: [keyOf(event)],
});

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
