import type { ServerState } from "../../observe/state.js";
import type { ServerChange } from "../agent-listener.js";

/** The servers that are up now and were not, or the other way round; none where nothing was known before. */
export function serverChanges(
  before: readonly ServerState[] | null,
  after: readonly ServerState[],
): ServerChange[] {
  if (before === null) return [];
  const was = new Map(before.map(({ service, name, up }) => [`${service}/${name}`, up]));
  return after
    .filter(({ service, name, up }) => (was.get(`${service}/${name}`) ?? up) !== up)
    .map(({ service, name, up, status }) => ({ service, server: name, up, status }));
}
