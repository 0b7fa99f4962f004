import { setTimeout as sleep } from "node:timers/promises";
import { showStanding } from "../../deploy/pool-live.js";
import { parseServers, showServers } from "../../observe/haproxy.js";
import type { ServerState } from "../../observe/state.js";
import { paths } from "../../render/paths.js";
import { HaproxySession } from "./haproxy-session.js";

/** Milliseconds. */
const times = {
  /** A HAProxy that takes longer to answer is frozen. */
  answer: 300,
  /** After a refusal, before the second one that proves it. */
  secondTry: 2,
  /** Between attempts to reach a HAProxy that is gone. */
  retry: 30,
};

/** Milliseconds between two looks at whether the worker is on its way out, and at how its servers are meant to stand. */
const lookEvery = 1_000;
const look = ["show info", showStanding] as const;

/** Milliseconds between two looks at the servers, which HAProxy itself checks about once a second. */
export interface Poll {
  readonly calm: number;
  /** While a server has failed a check and is not down yet. */
  readonly doubt: number;
}

export interface HaproxyListener {
  gone(why: string): void;
  /** It answers; called again after each loss. */
  back(): void;
  /** Another worker than before answers: the first, or after a start or a reload. */
  renewed(): void;
  servers(servers: readonly ServerState[]): void;
  /** Its answer to `showStanding`, again and again: it tells nobody of changes to that. */
  standing(answer: string): void;
}

/**
 * Holds a connection to HAProxy's worker and asks it for its servers. A close alone proves nothing (an old worker ends
 * after a reload): only when a new connection is refused is HAProxy gone. A worker that says it is stopping is left for
 * its successor, since our connection would keep it alive until hard-stop-after.
 */
export class HaproxyWatch {
  private stopped = false;
  private alive: boolean | null = null;
  private readonly running: Promise<void>;
  private session: HaproxySession | null = null;
  private resting: { readonly until: number; readonly resume: () => void } | null = null;

  constructor(
    private readonly listener: HaproxyListener,
    private readonly poll: Poll,
    private readonly path: string = paths.haproxyAdmin,
  ) {
    this.running = this.run();
  }

  /** Cheap, and to be called regularly: HAProxy is asked then, if it is due. A timer of its own would wake the process. */
  look(now: number): void {
    if (this.resting !== null && now >= this.resting.until) this.resume();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.session?.close();
    this.resume();
    await this.running;
  }

  private resume(): void {
    this.resting?.resume();
    this.resting = null;
  }

  private rest(milliseconds: number): Promise<void> {
    this.resume();
    return new Promise((resume) => {
      this.resting = { until: performance.now() + milliseconds, resume };
    });
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const closed = new Promise<void>((resolve) => {
        this.connect(resolve).catch((error: unknown) => {
          this.lost(error instanceof Error ? error.message : String(error));
          setTimeout(resolve, times.retry);
        });
      });
      await closed;
    }
  }

  /** Connects, trying twice, and follows the worker until `done`. */
  private async connect(done: () => void): Promise<void> {
    let over = false;
    const onClose = () => {
      over = true;
      done();
    };
    const open = () => HaproxySession.open(this.path, onClose);
    const session = await open().catch(() => sleep(times.secondTry).then(open));
    this.session = session;
    if (this.stopped) session.close();
    this.follow(session, () => over).catch((error: unknown) => {
      if (!over) this.lost(error instanceof Error ? error.message : String(error));
      session.close();
    });
  }

  private async follow(session: HaproxySession, over: () => boolean): Promise<void> {
    await session.command("prompt", times.answer);
    await session.command("set timeout cli 1d", times.answer);
    this.listener.renewed();
    let looked = Number.NEGATIVE_INFINITY;
    while (!over()) {
      const begun = performance.now();
      const looks = begun - looked >= lookEvery;
      const questions = [showServers, ...(looks ? look : [])];
      const [answer = "", worker, standing] = await session.commands(questions, times.answer);
      if (worker !== undefined && isStopping(worker)) return session.close();
      if (looks) looked = begun;
      this.found();
      const servers = parseServers(answer);
      this.listener.servers(servers);
      if (standing !== undefined) this.listener.standing(standing);
      // Thousands of servers make a long answer: never more than a twentieth of the time goes into asking.
      const least = 20 * (performance.now() - begun);
      if (servers.some(isFalling)) await sleep(Math.max(this.poll.doubt, least));
      else await this.rest(Math.max(this.poll.calm, least));
    }
  }

  private found(): void {
    if (this.alive === true) return;
    this.alive = true;
    this.listener.back();
  }

  private lost(why: string): void {
    if (this.alive === false || this.stopped) return;
    this.alive = false;
    this.listener.gone(why);
  }
}

/** "UP 2/3": the next checks decide. */
const isFalling = ({ status }: ServerState): boolean => status.startsWith("UP ");

const isStopping = (worker: string): boolean => /^Stopping: 1$/m.test(worker);
