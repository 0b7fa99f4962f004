import type { Event, EventKind } from "../api/event.js";
import type { Weight } from "./notice.js";
import type { Teller } from "./teller.js";

/** From whatever version of the program: nothing of it is taken for granted. */
export type Details = Event["details"];

export const word = (value: unknown): string => (typeof value === "string" ? value : "");
export const listed = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

const objects = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];

/** What an event says is wrong, and what no longer is. */
interface Ailments {
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  readonly weight?: Weight;
  readonly teller?: Teller;
  /** It is worth a word although it does not last. */
  readonly alone?: boolean;
}

type Reader = (details: Details, node: string) => Ailments;

const one = (name: string, isWrong: boolean): Ailments =>
  isWrong ? { opens: [name], closes: [] } : { opens: [], closes: [name] };

/** Reasons to stay out of service that are nobody's fault, or are told as what they follow from. */
const noAilment = new Set(["unsettled", "unsynced", "maintenance", "second-owner"]);

const readers: Partial<Record<EventKind, Reader>> = {
  fault(details, node) {
    const named = (names: unknown, of: string) => listed(names).map((name) => `${of}:${node}:${name}`);
    const faults = (names: unknown) =>
      named(
        listed(names).filter((name) => !noAilment.has(name.split(":")[0] ?? "")),
        "fault",
      );
    const links = (names: unknown) =>
      objects(names).map(({ peer, network }) => `unheard:${node}:${word(peer)}:${word(network)}`);
    return {
      opens: [
        ...faults(details.raised),
        ...named(details.unreached, "unreached"),
        ...links(details.unheard),
        ...named(details.silent, "witness"),
      ],
      closes: [
        ...faults(details.cleared),
        ...named(details.reached, "unreached"),
        ...links(details.heard),
        ...named(details.answering, "witness"),
      ],
    };
  },
  peer: ({ peer, heard }) => ({ ...one(`peer:${word(peer)}`, heard === false), teller: "the active node" }),
  "two-owners"({ peer, networks, lasted }, node) {
    const both = [node, word(peer)].sort().join("+");
    const names = listed(networks).map((network) => `two-owners:${network}:${both}`);
    return {
      opens: lasted === null ? names : [],
      closes: lasted === null ? [] : names,
      weight: "critical",
      teller: { firstOf: word(peer) },
    };
  },
  drift({ state, kind, what }, node) {
    const name = `drift:${node}:${word(kind)}:${word(what)}`;
    if (state === "gave up") return { opens: [], closes: [], alone: true };
    return one(name, state === "found");
  },
  server({ service, server, up, status, checked }, node) {
    if (typeof checked === "boolean") return one(`unchecked:${node}`, !checked);
    if (typeof up !== "boolean") return { opens: [], closes: [] };
    // Somebody took it out of service (HAProxy's management guide, 9.1).
    const isMeant = /^(MAINT|DRAIN)/.test(word(status));
    const name = `server:${word(service)}:${word(server)}`;
    return { ...one(name, !up), teller: "the active node", ...(isMeant ? { weight: "info" } : {}) };
  },
  sync: ({ state }, node) =>
    typeof state === "string" ? one(`sync:${node}`, state === "lost") : { opens: [], closes: [] },
  table: ({ full }, node) =>
    typeof full === "boolean" ? one(`table:${node}`, full) : { opens: [], closes: [], alone: true },
  mirror: ({ service, why }) =>
    why === undefined ? { opens: [], closes: [] } : one(`mirror:${word(service)}`, why !== null),
  vpn: ({ about, over }, node) =>
    typeof about === "string" && typeof over === "boolean"
      ? one(`vpn:${node}:${about}`, !over)
      : { opens: [], closes: [] },
  certificate: ({ trouble }, node) => one(`certificate:${node}`, typeof trouble === "string"),
};

/** Null for a kind of which nothing lasts. */
export const ailments = ({
  kind,
  node,
  details,
}: Pick<Event, "kind" | "node" | "details">): Ailments | null => readers[kind]?.(details, node) ?? null;
