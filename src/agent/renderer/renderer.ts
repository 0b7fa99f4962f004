import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { OneAtATime } from "../../deploy/one-at-a-time.js";
import { type Rendered, TopologyError } from "../../deploy/rendered.js";
import type { Host } from "../../host/host.js";
import type { Engines } from "../../render/engines.js";
import { installedEngines } from "./installed-engines.js";
import type { RenderAnswer, RenderQuestion } from "./question.js";

const program = fileURLToPath(new URL("./program.js", import.meta.url));

/** Milliseconds: the largest topology takes 1 s on an idle machine. */
const patience = 15_000;

/** A change asks for the same topology at every step: milliseconds after the last of them that it is remembered. */
const remembered = 60_000;

/** How many topologies are remembered: that of a change, and that of the one it replaces. */
const most = 2;

/** How many may wait for their turn: whoever asks for more is turned away, and not the machine brought down. */
const waiting = 8;

/**
 * Renders topologies for one node, each in a process of its own, one at a time: none of that work happens in the
 * agent's.
 */
export class Renderer {
  readonly #turn = new OneAtATime();
  #asked = 0;
  readonly #results = new Map<string, Promise<Rendered>>();
  #forget: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly node: string,
    private readonly programVersion: string,
    private readonly script = program,
    private readonly engines: () => Promise<Engines> = () => installedEngines(host),
  ) {}

  /** @throws TopologyError with every problem on its own line */
  readonly render = (topology: string): Promise<Rendered> => {
    const key = createHash("sha256").update(topology, "utf8").digest("hex");
    const result = this.#results.get(key) ?? this.#ask(topology);
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const oldest of [...this.#results.keys()].slice(0, -most)) this.#results.delete(oldest);
    // What the machine could not do once, it may be able to do later.
    result.catch(() => this.#results.delete(key));
    if (this.#forget) clearTimeout(this.#forget);
    this.#forget = setTimeout(() => this.#results.clear(), remembered).unref();
    return result;
  };

  async #ask(topology: string): Promise<Rendered> {
    if (this.#asked > waiting) throw new Error(`${waiting} other topologies wait to be rendered: try again`);
    this.#asked += 1;
    return this.#turn
      .run(() => this.#render(topology))
      .finally(() => {
        this.#asked -= 1;
      });
  }

  async #render(topology: string): Promise<Rendered> {
    const { node, programVersion } = this;
    // Asked each time: a package may have been upgraded under a running agent.
    const engines = await this.engines();
    const question: RenderQuestion = { topology, node, programVersion, engines };
    const argv = [process.execPath, this.script];
    const result = await this.host.run(argv, { stdin: JSON.stringify(question), timeout: patience });
    if (result.exitCode !== 0) throw new Error(`the topology could not be rendered: ${lastWords(result)}`);
    const answer: RenderAnswer = JSON.parse(result.stdout);
    if ("problems" in answer) throw new TopologyError(answer.problems.join("\n"));
    return answer;
  }
}

/** Node tells of an uncaught error in its source line, its message and its stack; the message is what counts. */
const lastWords = ({ exitCode, stderr }: { exitCode: number; stderr: string }): string =>
  /^\w*Error:? .*$/m.exec(stderr)?.[0] ?? `the renderer ended with ${exitCode}`;
