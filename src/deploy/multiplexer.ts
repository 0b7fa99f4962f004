import type { Host } from "../host/host.js";
import { doorIn } from "../render/multiplexer-doors.js";
import type { MultiplexerDocument } from "../render/multiplexer-json.js";
import { type Patience, until } from "./patience.js";

/**
 * Returns once every server of the file has its socket: HAProxy may be sent there.
 *
 * @param body the multiplexer's file
 */
export function awaitMultiplexer(host: Host, body: string, patience: Patience): Promise<void> {
  const { services } = JSON.parse(body) as MultiplexerDocument;
  const doors = services.flatMap(({ directory, servers }) =>
    servers.map(({ name }) => doorIn(directory, name)),
  );
  return until(async () => {
    if (!(await host.services.status("holdfast-multiplexer")).running)
      return "holdfast-multiplexer does not run";
    const stand = await Promise.all(doors.map(async (door) => (await host.status(door)) !== null));
    const missing = doors.filter((_door, index) => !stand[index]);
    return missing.length === 0 ? null : `the multiplexer does not listen at ${missing.join(", ")}`;
  }, patience);
}
