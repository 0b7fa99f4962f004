import type { Logger } from "pino";
import { OneAtATime } from "../../deploy/one-at-a-time.js";
import { messageOf } from "../../fleet/refusal.js";
import type { KnownNews, StreamNews } from "../../mirror/stream-book.js";
import type { StreamFile } from "./stream-file.js";

/** Milliseconds from one beginning to the next, at least; and that many times those in which the last one held the agent. */
const [pause, share] = [1_000, 20];

/** Keeps what this node knows of the streams that it mirrors, for the agent that comes after this one. */
export class StreamKeep {
  readonly #work = new OneAtATime();
  #timer: NodeJS.Timeout | null = null;
  /** When it may be written again; milliseconds of `now`. */
  #next = 0;
  #failing = false;

  constructor(
    private readonly file: StreamFile,
    private readonly known: () => readonly KnownNews[],
    private readonly now: () => number,
    private readonly log: Logger,
  ) {}

  /** What the agent before this one kept; empty where that is nothing, or no good. */
  recall(): Promise<readonly StreamNews[]> {
    return this.#work
      .run(() => this.file.read())
      .catch((error: unknown) => {
        this.log.warn(
          { why: messageOf(error) },
          "what was known of mirrored streams cannot be read, and is left",
        );
        return [];
      });
  }

  /** What is known is otherwise. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.#write(), Math.max(0, this.#next - this.now()));
  }

  /** This node mirrors no more, or never did: nobody is to go on with it. */
  drop(): void {
    this.stop();
    void this.#try(() => this.file.remove());
  }

  /** It stays as it was written last. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #write(): Promise<void> {
    return this.#try(async () => {
      const began = this.now();
      // What changes from here on is for the next one.
      this.#timer = null;
      this.#next = began + pause;
      const held = await this.file.write(this.known());
      this.#next = began + Math.max(pause, share * held);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    const why = await this.#work.run(work).then(() => null, messageOf);
    if (why !== null && !this.#failing)
      this.log.warn({ why }, "what is known of mirrored streams cannot be kept");
    this.#failing = why !== null;
  }
}
