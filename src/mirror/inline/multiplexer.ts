import { rmdirSync } from "node:fs";
import { doorIn } from "../../render/multiplexer-doors.js";
import type { MultiplexedService, MultiplexerDocument } from "../../render/multiplexer-json.js";
import { lookAtBuffers } from "../process/look-at-buffers.js";
import type { MirrorReport } from "../report.js";
import { Door, makeDirectory } from "./door.js";
import { ServiceAudit } from "./service-audit.js";
import { SharedService } from "./shared-service.js";
import type { SharedPlace } from "./shared-session.js";

type Head = Omit<MultiplexedService, "servers" | "audit">;

interface Running {
  readonly head: Head;
  readonly service: SharedService;
  readonly audit: ServiceAudit;
  /** By the server that stands behind it, as the file has it. */
  readonly doors: Map<string, Door>;
  /** Why a server has no door, in the system's words; null while all have one. */
  trouble: string | null;
}

/** Milliseconds between two looks at what nobody brings: time-outs, connections. */
const pause = 100;
/** Looks between two at what the system holds for master controllers. */
const buffersEvery = 10;

/** All services whose sessions pass through this process. */
export class Multiplexer {
  /** By all that concerns every session of the service, as the file has it. */
  readonly #running = new Map<string, Running>();
  /** Of services that ended, until all is written. */
  readonly #audits = new Set<Promise<void>>();
  #looks = 0;
  readonly #timer = setInterval(() => this.#look(), pause);

  /** @param group the number of HAProxy's, which alone may connect */
  constructor(private readonly group: number) {}

  /** What does not change goes on undisturbed; sessions of what does, or leaves, end. @returns what went wrong, a sentence each */
  async become({ services }: MultiplexerDocument): Promise<string[]> {
    const wanted = new Map(
      services.map(({ servers, audit, ...head }) => [JSON.stringify(head), { head, servers, audit }]),
    );
    for (const [key, running] of this.#running) if (!wanted.has(key)) this.#end(key, running);
    for (const [key, { head, servers, audit }] of wanted) {
      const running = this.#running.get(key) ?? begin(head);
      this.#running.set(key, running);
      running.audit.become(audit?.file ?? null);
      running.service.serve(servers);
      await this.#openDoors(running, servers);
    }
    return [...this.#running.values()].flatMap(({ trouble }) => trouble ?? []);
  }

  get reports(): MirrorReport[] {
    return [...this.#running.values()].map(({ head, service, audit, trouble }) => ({
      service: head.name,
      trouble,
      refused: 0,
      switches: service.report,
      totals: service.totals,
      exchange: service.exchange,
      ...(audit.report === null ? {} : { audit: audit.report }),
    }));
  }

  /** Done when all is written of what was said. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const [key, running] of this.#running) this.#end(key, running);
    await Promise.all(this.#audits);
  }

  async #openDoors(running: Running, servers: MultiplexedService["servers"]): Promise<void> {
    const { doors, head, service } = running;
    const wanted = new Map(servers.map((server) => [JSON.stringify(server), server]));
    for (const [key, door] of doors) {
      if (wanted.has(key)) continue;
      door.close();
      doors.delete(key);
    }
    running.trouble = null;
    for (const [key, server] of wanted) {
      try {
        makeDirectory(head.directory, this.group);
        const there = doors.get(key);
        await there?.restore();
        if (there !== undefined) continue;
        const path = doorIn(head.directory, server.name);
        doors.set(key, await Door.open(path, this.group, (socket) => service.accept(socket, server)));
      } catch (error) {
        running.trouble = `${server.name} has no socket: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }

  #end(key: string, { head, service, audit, doors }: Running): void {
    this.#running.delete(key);
    for (const door of doors.values()) door.close();
    service.end();
    const written = audit.end();
    this.#audits.add(written);
    void written.finally(() => this.#audits.delete(written));
    removeDirectory(head.directory);
  }

  #look(): void {
    for (const { service } of this.#running.values()) service.tick();
    this.#looks += 1;
    if (this.#looks % buffersEvery !== 0) return;
    lookAtBuffers(
      [...this.#running.values()].flatMap(({ head, service }) =>
        [...service.sessions].flatMap(({ link }) =>
          link === null ? [] : [{ address: head.master.address, link }],
        ),
      ),
    );
  }
}

function begin(head: Head): Running {
  const audit = new ServiceAudit();
  const service = new SharedService(placeOf(head), () => performance.now(), {
    said: (session, from, message) => audit.said(session, from, message),
  });
  return { head, service, audit, doors: new Map(), trouble: null };
}

const placeOf = ({ master, replies, writes }: Head): SharedPlace => ({
  // What the master controller is not answered by the switch, it is answered here.
  master: { ...master, writes: writes === "drop" ? "drop" : "error" },
  forwards: replies === "forward",
  writes,
});

function removeDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something of somebody else's stands there, or it is gone.
  }
}
