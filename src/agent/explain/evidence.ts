import type { Sighting } from "../wire/sighting.js";
import { type FormerOwner, livesOn } from "./cause.js";

type Advert = Extract<Sighting, { kind: "advert" }>;

/** What an advert proves, in a sentence. */
export const advertWords = (
  { at, source, mac, priority }: Advert,
  nameOf: (address: string) => string | null,
): string =>
  priority === 0
    ? `${nameOf(source) ?? source} said goodbye (an advert of priority 0) from ${source} at ${mac}, ${clock(at)}`
    : `The last advert of ${nameOf(source) ?? source} had priority ${priority} and came from ${source} at ${mac}, ${clock(at)}`;

/**
 * What the former owner's own words prove, in sentences.
 *
 * @param at when the role changed, milliseconds since the epoch
 */
export function beatWords(former: FormerOwner, at: number): string[] {
  const { name, before, since } = former;
  const last = since ?? before;
  if (last === null) return [`No beat of ${name} had been heard`];
  const faults = [since, before].find((heard) => heard !== null && heard.beat.faults.length > 0)?.beat.faults;
  return [
    livesOn(former) ? `Beats of ${name} go on` : `The last beat of ${name} came at ${clock(at - last.age)}`,
    ...(faults ? [`It had told of ${faults.join(", ")}`] : []),
  ];
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
