import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentClient } from "../../src/fleet/client.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";

const program = fileURLToPath(new URL("doomed-agent.mjs", import.meta.url));
const doomFile = "/run/doom.json";

/** Milliseconds between an agent's end and its next start, as systemd and the lab's supervisor have it. */
const restartDelay = 500;
/** Milliseconds within which a change has come to the step in question, on a busy machine. */
const comesWithin = 40_000;
/** Milliseconds for which a node may still write once who asked for the change was told its end. */
const writesOn = 5_000;

/** When an agent meets its end, and how: `power` takes its whole node along. */
export interface Doom {
  /** Counts a change's writes on that node from 1; 0 never comes. */
  readonly step: number;
  readonly moment: "before" | "after";
  readonly end: "kill" | "power";
}

/** The step that was armed never came: the change went another way. */
export class NeverCame extends Error {}

type Word =
  | { readonly step: number; readonly what: string }
  | { readonly doomed: "power" }
  | { readonly started: true };

interface Standing {
  readonly process: LabProcess;
  readonly words: Word[];
}

/** The nodes' agents, each started by the test instead of the lab's supervisor, so that it dies when it is told to. */
export class DoomedAgents {
  readonly #standing = new Map<string, Standing>();
  #dooms = 0;

  constructor(private readonly lab: Lab) {}

  /** Takes the place of a node's own agent until the lab goes. */
  async replace(node: string): Promise<void> {
    const { services } = this.lab.machine(node).host;
    await services.stop("holdfast-agent");
    await services.disable("holdfast-agent");
    await this.start(node);
  }

  async start(node: string): Promise<void> {
    const running = await this.lab.machine(node).spawn([process.execPath, program]);
    const words: Word[] = [];
    running.onLine((line) => void words.push(JSON.parse(line) as Word));
    this.#standing.set(node, { process: running, words });
  }

  /** From now on the node's agent counts a change's writes, and ends at the one that is named. */
  async arm(node: string, doom: Doom): Promise<void> {
    this.#dooms += 1;
    const stdin = JSON.stringify({ ...doom, id: this.#dooms });
    await this.lab.machine(node).exec(["tee", doomFile], { stdin });
    this.#of(node).words.length = 0;
  }

  async disarm(node: string): Promise<void> {
    await this.lab.machine(node).exec(["rm", "-f", doomFile]);
  }

  /** What the node's agent wrote since it was armed. */
  steps(node: string): string[] {
    return this.#of(node).words.flatMap((word) => ("what" in word ? [word.what] : []));
  }

  /** Resolves once the node's agent met its end in that change; the node, where that takes it along, is off then. */
  async end(node: string, { end }: Doom, change: Promise<unknown>): Promise<void> {
    const { process: running, words } = this.#of(node);
    let over = false;
    void running.ended.then(() => {
      over = true;
    });
    let until = Date.now() + comesWithin;
    void change.then(() => {
      until = Math.min(until, Date.now() + writesOn);
    });
    while (!over && !words.some((word) => "doomed" in word)) {
      if (Date.now() > until) {
        await this.disarm(node);
        throw new NeverCame(`${node} wrote only ${this.steps(node).join(", ")}`);
      }
      await sleep(2);
    }
    if (end === "power") await this.lab.faults.powerOff(node);
  }

  /** As the machine would bring it back. */
  async comeBack(node: string, { end }: Pick<Doom, "end">): Promise<void> {
    if (end === "power") await this.lab.faults.powerOn(node);
    else await sleep(restartDelay);
    await this.start(node);
  }

  async kill(node: string): Promise<void> {
    await this.#of(node).process.stop("SIGKILL");
  }

  client(node: string): AgentClient {
    return new AgentClient(node, { kind: "unix", path: this.lab.agentSocket(node) ?? "" });
  }

  #of(node: string): Standing {
    const standing = this.#standing.get(node);
    if (standing === undefined) throw new Error(`no agent was started on ${node}`);
    return standing;
  }
}
