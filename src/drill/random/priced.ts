import type { Cluster } from "../../topology/cluster.js";
import { allowance } from "../allowance.js";
import type { Drill, Expectation } from "../drill.js";
import { noMove } from "../expectation.js";
import type { Fault } from "../fault/fault.js";
import type { Situation } from "../situation.js";
import type { Blow, Cost, Unheard } from "./blow.js";

/** A fault, and what is promised of it. */
export interface Priced {
  readonly fault: Fault;
  readonly expected: Expectation;
  /** Milliseconds that it lasts where that is promised; it is charged for what it lasts longer. */
  readonly lasts: number;
}

/** The fault of a drill, with that drill's own promise. */
export const priced = (drill: Drill, cluster: Cluster, situation: Situation): Priced => ({
  fault: drill.fault,
  expected: drill.expect(cluster, situation),
  lasts: drill.lasts ?? 0,
});

/** What there is to say of a blow beside its price; most of it is nothing. */
export interface Words extends Pick<Blow, "strikes" | "on" | "recovery"> {
  readonly whole?: boolean;
  readonly claims?: readonly string[];
  readonly unheard?: Partial<Unheard>;
  /** What goes on for as long as the fault is there. */
  readonly grows?: readonly (keyof Cost)[];
  readonly wits?: number;
  readonly unaided?: boolean;
}

export function blowOf({ fault, expected, lasts }: Priced, situation: Situation, words: Words): Blow {
  const { strikes, on, recovery, whole = false, claims = [], unheard = {}, grows = [], wits = 0 } = words;
  const { unaided = false } = words;
  const injection = fault.on(situation);
  const cost: Cost = {
    address: beyond(expected.addressOutageAtMost, noMove.addressOutageAtMost),
    service: beyond(expected.serviceOutageAtMost, noMove.serviceOutageAtMost),
    twoOwners: expected.twoOwnersAtMost,
    wits,
  };
  return {
    ...{ strikes, on, recovery, whole, unaided, injection },
    spares: !whole && spares(expected) && grows.every((each) => each === "wits"),
    claims: [injection.text, ...claims],
    unheard: { adverts: [], beats: [], ...unheard },
    endsSessions: expected.sessionsLostAtMost !== 0,
    costs(lasted) {
      const longer = Math.max(0, lasted - lasts);
      const grown = grows.map((each) => [each, cost[each] + longer] as const);
      return { ...cost, ...Object.fromEntries(grown) };
    },
  };
}

/** What any time may have of silence is allowed once, and not for every fault. */
const beyond = (outage: number, always: number): number => (outage > always ? outage : 0);

/** A node that loses packets at random serves still, as well as its drill promises. */
const spares = ({ ownerChanges, addressOutageAtMost, serviceOutageAtMost }: Expectation): boolean =>
  ownerChanges === 0 &&
  addressOutageAtMost <= allowance.lossyProbe &&
  serviceOutageAtMost <= allowance.lostRequest + allowance.greeting;
