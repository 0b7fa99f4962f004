import type { Host, RunResult } from "../../host/host.js";

type Lines = readonly (readonly string[])[];

/** Milliseconds for which one serves; then another takes its place. */
const longest = 3_600_000;

/** Milliseconds that a batch may take, and each of its lines: one that takes longer hangs. */
const patience = { batch: 10_000, line: 5 };

interface Living {
  give(text: string): void;
  end(): void;
  /** Lines that it was given. */
  count: number;
  /** What it said of the batch that it is at. */
  output: string;
  heard: () => void;
  ended: (why: unknown) => void;
}

/** Of a batch: what was said, and which lines were refused. */
interface Answer {
  readonly text: string;
  readonly refused: Lines;
}

/**
 * An `ip -force -batch` that lives and waits for lines: to start a program costs more than to change a route, and the more the
 * more memory the agent has (fork(2) copies its page tables).
 */
export class ReadyIp {
  #living: Living | null = null;
  #stopped = false;
  #batches = 0;

  constructor(private readonly host: Pick<Host, "run">) {}

  /** One batch at a time. @param lines as argument arrays, without `ip` */
  async run(lines: Lines): Promise<RunResult> {
    const isNew = (this.#living?.count ?? 0) === 0;
    let { text, refused } = await this.#batch(lines);
    // A device that was made anew has another number, and this one may go by the old: another one tries what was refused.
    if (refused.length > 0 && !isNew) {
      this.#retire();
      ({ text, refused } = await this.#batch(refused));
    }
    if (!this.#stopped) this.#living ??= this.#start();
    return { exitCode: refused.length > 0 ? 1 : 0, stdout: "", stderr: text };
  }

  stop(): void {
    this.#stopped = true;
    this.#retire();
  }

  #batch(lines: Lines): Promise<Answer> {
    const living = this.#living ?? this.#start();
    this.#living = living;
    this.#batches += 1;
    // A word that it does not know, which it says at once: whatever there was to say of the lines before has been said.
    const mark = `end-${this.#batches}`;
    const first = living.count + 1;
    living.count += lines.length + 1;
    return new Promise((answered, failed) => {
      const end = (happen: () => void) => {
        clearTimeout(timer);
        living.heard = nothing;
        living.ended = nothing;
        happen();
      };
      const gone = (why: unknown) => {
        this.#retire();
        end(() => failed(why));
      };
      const timer = setTimeout(
        () => gone(new Error("ip does not answer")),
        patience.batch + lines.length * patience.line,
      );
      living.output = "";
      living.heard = () => {
        const answer = answerIn(living.output, mark, lines, first);
        if (answer !== null) end(() => answered(answer));
      };
      living.ended = gone;
      living.give([...lines, [mark]].map((words) => `${words.join(" ")}\n`).join(""));
    });
  }

  #retire(): void {
    this.#living?.end();
    this.#living = null;
  }

  #start(): Living {
    const line = queue();
    const living: Living = { ...line, count: 0, output: "", heard: nothing, ended: nothing };
    // What it refuses has to come in one line with the mark.
    const result = this.host.run(["sh", "-c", "exec ip -force -batch - 2>&1"], {
      ...{ stdin: line.pieces(), urgent: true, timeout: longest },
      take: (piece) => {
        living.output += piece;
        living.heard();
      },
    });
    const gone = (why: unknown) => {
      if (this.#living === living) this.#living = null;
      living.ended(why);
    };
    result.then(() => gone(new Error("ip ended")), gone);
    return living;
  }
}

const nothing = (): void => undefined;

/** Null until all is said. @param first the number of the first line, as it counts them */
function answerIn(output: string, mark: string, lines: Lines, first: number): Answer | null {
  const at = output.indexOf(`Object "${mark}" is unknown`);
  if (at < 0 || !/\nCommand failed [^\n]*\n$/.test(output.slice(at))) return null;
  const text = output.slice(0, at);
  const numbers = [...text.matchAll(/^Command failed -:([0-9]+)$/gm)].map(([, number]) => Number(number));
  return { text, refused: numbers.flatMap((number) => [lines[number - first] ?? []]) };
}

/** What is given comes out piece by piece. */
function queue() {
  const texts: string[] = [];
  let wake = nothing;
  let isOver = false;
  return {
    give(text: string): void {
      texts.push(text);
      wake();
    },
    end(): void {
      isOver = true;
      wake();
    },
    async *pieces(): AsyncGenerator<string> {
      for (;;) {
        for (let text = texts.shift(); text !== undefined; text = texts.shift()) yield text;
        if (isOver) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
