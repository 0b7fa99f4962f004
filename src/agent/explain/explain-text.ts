import { type Event, eventKinds, type RoleDetails } from "../../api/event.js";
import { printableLine } from "../../api/printable.js";

const widestKind = Math.max(...eventKinds.map((kind) => kind.length));

/** An event in one line. @param widest the length of the longest name of a node */
export const eventLine = ({ at, node, kind, text }: Event, widest: number): string =>
  `${moment(at)}  ${printableLine(node).padEnd(widest)}  ${kind.padEnd(widestKind)}  ${printableLine(text)}`;

/** An event with all that is known of it, in lines for a terminal. */
export function explainText(event: Event, widest: number): string {
  const { evidence, spans, diff } = explanationOf(event);
  const parts = spans.map(({ what, milliseconds }) => `+${tenth(milliseconds)} ms ${what}`);
  const sum = spans.reduce((total, { milliseconds }) => total + milliseconds, 0);
  return [
    eventLine(event, widest),
    ...(parts.length === 0 ? [] : [`${margin}${parts.join("   ")}   = ${tenth(sum)} ms`]),
    ...[...evidence, ...diff].map((line) => `${margin}${printableLine(line)}`),
  ].join("\n");
}

/** To the millisecond, in UTC. */
const moment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 23)}Z`;

/** What is said below the line stands under the node's name. */
const margin = " ".repeat(moment(new Date(0).toISOString()).length + 2);

/** Of an event from whatever version: what is not there is empty. */
function explanationOf({
  details,
}: Event): Pick<RoleDetails, "evidence" | "spans"> & { readonly diff: string[] } {
  const evidence = Array.isArray(details.evidence) ? details.evidence : [];
  const spans: unknown[] = Array.isArray(details.spans) ? details.spans : [];
  return {
    evidence: evidence.filter((each) => typeof each === "string"),
    spans: spans.filter(isSpan),
    diff: typeof details.diff === "string" ? details.diff.trimEnd().split("\n") : [],
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
