import { parseDuration } from "../topology/duration.js";
import { UserError } from "./context.js";

/** Milliseconds of an option's value like `60s` or `500ms`. */
export function duration(option: string, text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) throw new UserError(`${option} ${text}: write a duration, for instance 60s`);
  return milliseconds;
}
