import type { Host } from "../host/host.js";
import { doorIn } from "../render/multiplexer-doors.js";
import type { MultiplexerDocument } from "../render/multiplexer-json.js";
import { paths } from "../render/paths.js";
import { type Patience, until } from "./patience.js";

/** Milliseconds for one answer. */
const answerWithin = 1_000;

/** As much as matters here of what it tells (mirror/report.ts). */
interface Told {
  readonly services: readonly { readonly service: string; readonly trouble: string | null }[];
}

/**
 * Returns once it serves every service of the file, and every server has its socket: HAProxy may be sent there. A socket
 * alone may be one that a killed process left.
 *
 * @param body the multiplexer's file
 */
export function awaitMultiplexer(host: Host, body: string, patience: Patience): Promise<void> {
  const { services } = JSON.parse(body) as MultiplexerDocument;
  return until(async () => {
    const told = JSON.parse(await host.ask(paths.multiplexerSocket, "", answerWithin)) as Told;
    const trouble = told.services.find((one) => one.trouble !== null)?.trouble;
    if (trouble) return `the multiplexer: ${trouble}`;
    const unserved = services.filter(({ name }) => !told.services.some(({ service }) => service === name));
    const missing =
      unserved.length > 0 ? unserved.map(({ name }) => name) : await withoutSocket(host, services);
    return missing.length === 0 ? null : `the multiplexer does not serve ${missing.join(", ")}`;
  }, patience);
}

async function withoutSocket(host: Host, services: MultiplexerDocument["services"]): Promise<string[]> {
  const doors = services.flatMap(({ name, directory, servers }) =>
    servers.map((server) => ({ name: `${name}/${server.name}`, path: doorIn(directory, server.name) })),
  );
  const stand = await Promise.all(doors.map(async ({ path }) => (await host.status(path)) !== null));
  return doors.filter((_door, index) => !stand[index]).map(({ name }) => name);
}
