import type { Event, RoleDetails } from "../../api/event.js";

/** An event with all that is known of it, in lines for a terminal. */
export function explainText(event: Event): string {
  const { evidence, spans } = explanationOf(event);
  const clock = event.at.slice(11, 23);
  const margin = " ".repeat(clock.length + 2);
  const parts = spans.map(({ what, milliseconds }) => `+${tenth(milliseconds)} ms ${what}`);
  const sum = spans.reduce((total, { milliseconds }) => total + milliseconds, 0);
  return [
    `${clock}  ${printable(event.text)}`,
    ...(parts.length === 0 ? [] : [`${margin}${parts.join("   ")}   = ${tenth(sum)} ms`]),
    ...evidence.map((sentence) => `${margin}${printable(sentence)}`),
  ].join("\n");
}

/** Of an event from whatever version: what is not there is empty. */
function explanationOf({ details }: Event): Pick<RoleDetails, "evidence" | "spans"> {
  const evidence = Array.isArray(details.evidence) ? details.evidence : [];
  const spans: unknown[] = Array.isArray(details.spans) ? details.spans : [];
  return {
    evidence: evidence.filter((each) => typeof each === "string"),
    spans: spans.filter(isSpan),
  };
}

const isSpan = (value: unknown): value is RoleDetails["spans"][number] =>
  typeof value === "object" &&
  value !== null &&
  "what" in value &&
  typeof value.what === "string" &&
  "milliseconds" in value &&
  typeof value.milliseconds === "number";

const tenth = (milliseconds: number): string => milliseconds.toFixed(1);

/** It came over a network: nothing in it may steer a terminal. */
const printable = (text: string): string => text.replace(/\p{C}/gu, "?");
