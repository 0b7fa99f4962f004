import type { Span } from "../../api/event.js";
import type { Sighting } from "../wire/sighting.js";

/** When the steps of a takeover happened, in milliseconds since the epoch; null for what was not seen. */
export interface Takeover {
  /** The last advert of the former owner, or its goodbye. */
  readonly lastAdvert: Extract<Sighting, { kind: "advert" }> | null;
  /** This node's first advert: keepalived has decided (RFC 9568, 6.4.2: the first thing that a new owner does). */
  readonly decided: number | null;
  readonly address: number | null;
  readonly announced: number | null;
  readonly answered: number | null;
}

/** Milliseconds between a report of keepalived and the decision behind it, at most. */
const reported = 1_000;
/** Milliseconds after the decision in which its consequences are looked for. */
const aftermath = 2_000;

/**
 * Finds the steps of the takeover that keepalived reported at `at`.
 *
 * @param sightings of the network, in any order
 * @param addresses when an address of the network came to stand on an interface
 */
export function takeoverSteps(
  sightings: readonly Sighting[],
  addresses: readonly number[],
  at: number,
): Takeover {
  const near = sightings.filter((each) => each.at <= at + aftermath).sort((one, other) => one.at - other.at);
  const decided = firstAdvertOf(near, at);
  const before = decided ?? at;
  const after = (found: number | undefined): number | null => found ?? null;
  const since = (moment: number): boolean => moment >= before && moment <= before + aftermath;
  return {
    lastAdvert:
      near
        .filter((each) => each.kind === "advert")
        .findLast(({ outgoing, at: moment }) => !outgoing && moment <= before) ?? null,
    decided,
    address: after([...addresses].sort((a, b) => a - b).find(since)),
    announced: after(
      near.find((each) => each.kind === "announcement" && each.outgoing && since(each.at))?.at,
    ),
    answered: after(near.find((each) => each.kind === "traffic" && since(each.at))?.at),
  };
}

/** The first of this node's own adverts in the run that goes on at `at`: what came before a silence was another time. */
function firstAdvertOf(sightings: readonly Sighting[], at: number): number | null {
  const own = sightings.flatMap((each) =>
    each.kind === "advert" && each.outgoing && each.priority > 0 && each.at >= at - reported ? [each.at] : [],
  );
  return own[0] ?? null;
}

/** What each step took; a step that was not seen is left out, and the next then counts from the last that was. */
export function spansOf({ lastAdvert, decided, address, announced, answered }: Takeover): Span[] {
  if (lastAdvert === null || decided === null) return [];
  const steps: [Span["what"], number | null][] = [
    ["detect", decided],
    ["address", address],
    ["announced", announced],
    ["first answer", answered],
  ];
  const spans: Span[] = [];
  let last = lastAdvert.at;
  for (const [what, moment] of steps) {
    if (moment === null || moment < last) continue;
    spans.push({ what, milliseconds: Math.round((moment - last) * 100) / 100 });
    last = moment;
  }
  return spans;
}
