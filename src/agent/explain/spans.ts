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
/** An answer that comes later than so many milliseconds after all else was asked for no sooner. */
const prompt = 250;

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
  const since = (moment: number): boolean => moment >= before && moment <= before + aftermath;
  const address = [...addresses].sort((one, other) => one - other).find(since) ?? null;
  const announced =
    near.find((each) => each.kind === "announcement" && each.outgoing && since(each.at))?.at ?? null;
  const ready = Math.max(before, address ?? 0, announced ?? 0);
  const answered = near.find((each) => each.kind === "traffic" && since(each.at))?.at ?? null;
  return {
    lastAdvert:
      near
        .filter((each) => each.kind === "advert")
        .findLast(({ outgoing, at: moment }) => !outgoing && moment <= before) ?? null,
    decided,
    address,
    announced,
    answered: answered !== null && answered <= ready + prompt ? answered : null,
  };
}

/** The first of this node's own adverts in the run that goes on at `at`: what came before a silence was another time. */
function firstAdvertOf(sightings: readonly Sighting[], at: number): number | null {
  const own = sightings.flatMap((each) =>
    each.kind === "advert" && each.outgoing && each.priority > 0 && each.at >= at - reported ? [each.at] : [],
  );
  return own[0] ?? null;
}

/**
 * What each step took; a step that was not seen is left out, and the next then counts from the last that was. So is one
 * stamped later than a step that it must precede: on a busy machine the word that an address stands arrives late.
 */
export function spansOf({ lastAdvert, decided, address, announced, answered }: Takeover): Span[] {
  if (lastAdvert === null || decided === null) return [];
  const seen: { readonly what: Span["what"]; readonly at: number }[] = [];
  const step = (what: Span["what"], at: number | null): void => void (at !== null && seen.push({ what, at }));
  step("detect", decided);
  step("address", address);
  step("announced", announced);
  step("first answer", answered);
  const kept = seen.filter(({ at }, index) => seen.slice(index + 1).every((later) => later.at >= at));
  return kept.map(({ what, at }, index) => {
    const milliseconds = at - (kept[index - 1]?.at ?? lastAdvert.at);
    return { what, milliseconds: Math.round(milliseconds * 100) / 100 };
  });
}
