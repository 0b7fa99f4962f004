import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type Api, type RunningApi, serveApi } from "../../../src/agent/server/serve.js";
import { TlsIdentity } from "../../../src/agent/tls-identity.js";
import type { Role } from "../../../src/api/identity.js";
import { AgentClient } from "../../../src/fleet/client.js";
import { type Authority, makeAuthority, withAuthority } from "../../../src/pki/authority.js";
import { type Bundle, readBundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { handlersWith } from "./handlers.js";

/** A cluster's authority with an agent's API on loopback, all of it real and in one temporary directory. */
export class Cluster {
  readonly directory = mkdtempSync(join(tmpdir(), "holdfast-api-"));
  readonly socket = join(this.directory, "agent.sock");
  readonly identity = new TlsIdentity(join(this.directory, "campus", "lb-a"));
  readonly logged: string[] = [];
  private running: RunningApi | null = null;
  private readonly clients: AgentClient[] = [];

  get api(): RunningApi {
    if (this.running === null) throw new Error("the API does not run");
    return this.running;
  }

  get port(): number {
    const { port } = this.api;
    if (port === null) throw new Error("the API does not listen");
    return port;
  }

  async start(changed: Partial<Api> = {}): Promise<this> {
    await makeAuthority(this.at("campus"), "campus");
    await this.issue("lb-a", "node");
    await this.identity.load();
    await this.serve(changed);
    return this;
  }

  /** Also again, after `api.close()`. */
  async serve(changed: Partial<Api>): Promise<void> {
    const log = pino({ level: "debug" }, { write: (line: string) => void this.logged.push(line) });
    this.running = await serveApi({
      handlers: handlersWith({}),
      unix: this.socket,
      tcp: { host: "127.0.0.1", port: 0 },
      identity: this.identity,
      isPeer: () => false,
      ownNames: () => new Set(["lb-a", "127.0.0.1"]),
      page: [],
      programVersion: "0.0.0",
      log,
      ...changed,
    });
    while (this.running.port === null) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.running?.close();
    await this.identity.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  at = (name: string): string => join(this.directory, name);

  async issue(name: string, role: Role, days = 30): Promise<Bundle> {
    const issued = await this.authority((authority) => authority.issueBundle({ name, role }, { days }));
    return readBundle(issued.out);
  }

  authority = <T>(work: (authority: Authority) => Promise<T>): Promise<T> =>
    withAuthority(this.at("campus"), "campus", work);

  /** Asks as the holder of a bundle; as root through the socket without one. */
  client(bundle: Bundle | null, port = bundle === null ? 0 : this.port): AgentClient {
    const client =
      bundle === null
        ? new AgentClient("this node", { kind: "unix", path: this.socket })
        : new AgentClient("lb-a", {
            kind: "tls",
            candidates: [{ host: "127.0.0.1", port }],
            expect: { cluster: "campus", role: "node", name: "lb-a" },
            tls: secureContextOf(bundle),
          });
    this.clients.push(client);
    return client;
  }
}
