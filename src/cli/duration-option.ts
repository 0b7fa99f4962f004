import { formatDuration, parseDuration } from "../topology/duration.js";
import { UserError } from "./context.js";

/** Milliseconds of `--confirm-timeout`, as an agent takes them; null where nobody asks for a trial. */
export const confirmTimeout = (text: string | undefined): number | null =>
  text === undefined ? null : duration("--confirm-timeout", text, { from: 5_000, to: 3_600_000 });

/** Milliseconds of an option's value like `60s` or `500ms`, between two others where they are given. */
export function duration(
  option: string,
  text: string,
  { from = 0, to = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly to?: number } = {},
): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) throw new UserError(`${option} ${text}: write a duration, for instance 60s`);
  if (milliseconds < from || milliseconds > to)
    throw new UserError(`${option} ${text}: write ${formatDuration(from)} to ${formatDuration(to)}`);
  return milliseconds;
}
