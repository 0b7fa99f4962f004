import type { Host, RunResult } from "../../host/host.js";

/** Milliseconds for which one waits; then another takes its place. */
const longestWait = 3_600_000;

interface Ready {
  /** Gives it its lines, and the end of them. */
  readonly give: (text: string) => void;
  readonly result: Promise<RunResult>;
}

/**
 * An `ip -force -batch` that has started already and waits for its lines: on a busy machine it takes longer to start a
 * program than to change a route.
 */
export class ReadyIp {
  #ready: Ready | null = null;
  #stopped = false;

  constructor(private readonly host: Pick<Host, "run">) {}

  /** @param lines as argument arrays, without `ip` */
  async run(lines: readonly (readonly string[])[]): Promise<RunResult> {
    const text = lines.map((words) => `${words.join(" ")}\n`).join("");
    const ready = this.#ready ?? this.#start();
    this.#ready = null;
    ready.give(text);
    try {
      return await ready.result;
    } finally {
      if (!this.#stopped) this.#ready ??= this.#start();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#ready?.give("");
    this.#ready = null;
  }

  #start(): Ready {
    let give: (text: string) => void = () => undefined;
    const given = new Promise<string>((resolve) => {
      give = resolve;
    });
    async function* stdin() {
      const text = await given;
      if (text !== "") yield text;
    }
    const argv = ["ip", "-force", "-batch", "-"];
    const result = this.host.run(argv, { stdin: stdin(), urgent: true, timeout: longestWait });
    const ready = { give, result };
    // One that ended while it waited is not asked.
    const gone = () => {
      if (this.#ready === ready) this.#ready = null;
    };
    result.then(gone, gone);
    return ready;
  }
}
