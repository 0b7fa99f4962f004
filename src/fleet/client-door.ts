import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { clientPolicy } from "../pki/policy.js";
import { type Endpoint, place } from "./client-endpoint.js";

/** One address at which an agent may answer, with the connections that are kept open to it. */
export interface Door {
  /** For error messages. */
  readonly name: string;
  request(options: RequestOptions): ClientRequest;
  close(): void;
}

/** Few enough for the agent's own bound on connections from one address; what waits for a turn is only bound by its time. */
const keptOpen = { keepAlive: true, maxSockets: 8, maxFreeSockets: 2 };

/** The doors of an endpoint, in the order in which they are to be tried. */
export function doorsOf(endpoint: Endpoint): Door[] {
  if (endpoint.kind === "unix") {
    const agent = new HttpAgent(keptOpen);
    const socketPath = endpoint.path;
    return [
      {
        name: socketPath,
        request: (options) => httpRequest({ ...options, agent, socketPath, host: "agent" }),
        close: () => agent.destroy(),
      },
    ];
  }
  const trust = { ...endpoint.tls, ...clientPolicy(endpoint.expect) };
  return endpoint.candidates.map((candidate) => {
    // No sessions are kept: each handshake judges the agent's certificate anew.
    const agent = new HttpsAgent({ ...keptOpen, ...trust, maxCachedSessions: 0 });
    return {
      name: place(candidate),
      request: (options) => httpsRequest({ ...options, agent, ...candidate }),
      close: () => agent.destroy(),
    };
  });
}
