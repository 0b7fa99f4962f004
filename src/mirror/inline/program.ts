import { readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { makeDirectory } from "./door.js";
import { Multiplexer } from "./multiplexer.js";
import { parseMultiplexerFile } from "./multiplexer-file.js";
import { ReportSocket } from "./report-socket.js";

export interface MultiplexerPlaces {
  /** What is to be served. */
  readonly file: string;
  /** Below it stand all sockets for HAProxy, and nothing else. */
  readonly doors: string;
  /** Where it tells what it copies. */
  readonly reports: string;
  /** HAProxy's group, by number. */
  readonly group: number;
}

/** Milliseconds for what was handed to connections to leave. */
const farewell = 100;

/** The daemon that stands in the path of sessions: it serves what its file says until it is ended. */
export class MultiplexerProgram {
  readonly #multiplexer: Multiplexer;
  #reports: ReportSocket | null = null;
  #reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly places: MultiplexerPlaces,
    private readonly log: Logger,
  ) {
    this.#multiplexer = new Multiplexer(places.group);
  }

  /**
   * Serves nothing yet: `reload` has it read its file.
   *
   * @throws where another one runs, and where it cannot make its sockets' directory
   */
  static async start(places: MultiplexerPlaces, log: Logger): Promise<MultiplexerProgram> {
    const program = new MultiplexerProgram(places, log);
    try {
      program.#reports = await ReportSocket.open(places.reports, () => ({
        pid: process.pid,
        services: program.#multiplexer.reports,
      }));
      // What stands there was left by one that was killed.
      rmSync(places.doors, { recursive: true, force: true });
      makeDirectory(places.doors, places.group);
      return program;
    } catch (error) {
      program.#reports?.close();
      await program.#multiplexer.end();
      throw error;
    }
  }

  /** Reads the file again, behind what it is about to do. A bad one changes nothing. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /** Ends all sessions, and says goodbye to master controllers. */
  async end(): Promise<void> {
    await this.#reading;
    this.#reports?.close();
    await this.#multiplexer.end();
    rmSync(this.places.doors, { recursive: true, force: true });
    await sleep(farewell);
  }

  async #read(): Promise<void> {
    const { log, places } = this;
    try {
      const document = parseMultiplexerFile(readFileSync(places.file, "utf8"));
      const troubles = await this.#multiplexer.become(document);
      this.#reports?.tell();
      for (const trouble of troubles) log.error(trouble);
      log.info({ services: document.services.map(({ name }) => name) }, "the file is served");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.error({ file: places.file, why }, "the file is not served: what was served before goes on");
    }
  }
}
