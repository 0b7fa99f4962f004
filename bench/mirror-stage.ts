import { setTimeout as sleep } from "node:timers/promises";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, LabProcess } from "../src/lab/lab.js";
import type { Recording } from "../src/lab/openflow-load/recording.js";
import type { LoadReport } from "../src/lab/openflow-load/run.js";
import { program } from "../src/lab/program.js";
import { labUp } from "../src/lab/up.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";

const [service, controller, master] = ["10.0.1.100", "10.0.2.11", "10.0.2.50"];
const port = "6653";

/** How a master controller is while switches speak. */
export type MasterState = "healthy" | "stalled" | "dead";

/** What the master controller got of all switches together. */
export interface Copied {
  readonly messages: number;
  /** Numbers that were left out between two that came. */
  readonly missing: number;
}

/** Milliseconds after a load began in which its sessions are up and mirrored, so that a stall meets live ones. */
const stallsAfter = 1_200;
/** Milliseconds until a healthy master controller has all that is still to come: its sessions end then. */
const settling = 10_000;

interface Recorder {
  readonly running: LabProcess;
  /** Its latest account of all connections. */
  account: Account[];
}

type Account = Pick<Recording["line"], "numbers" | "ended">;

/** A pair with one controller that only answers; with a mirror, also a master controller that only records. */
export class MirrorStage {
  private constructor(private readonly lab: Lab) {}

  static async up(mirrored: boolean, signal: AbortSignal): Promise<MirrorStage> {
    const { cluster, configure } = ofTopology("holdfast", topology(mirrored));
    const lab = await labUp(cluster, { switches: 0, signal, configure });
    await lab.faults.signal("c1", "controller", "SIGKILL");
    await lab.machine("c1").spawn([process.execPath, program.openflowResponder, controller, port]);
    if (mirrored) await lab.faults.signal("master", "controller", "SIGKILL");
    // Checks that met nobody may have counted.
    await sleep(5_000, undefined, { signal });
    return new MirrorStage(lab);
  }

  down(): Promise<boolean> {
    return labDown(this.lab.cluster.name);
  }

  /** Runs the generator against the service, with a master controller in this state; null where there is no mirror. */
  async load(
    words: readonly string[],
    state: MasterState | null,
  ): Promise<{ readonly report: LoadReport; readonly copied: Copied | null }> {
    const recorder = state === "healthy" || state === "stalled" ? await this.#record() : null;
    const argv = [process.execPath, program.openflowLoad, service, port, ...words];
    const running = await this.lab.machine(clientOn("switches")).spawn(argv);
    if (state === "stalled" && recorder !== null) {
      await sleep(stallsAfter);
      process.kill(recorder.running.pid, "SIGSTOP");
    }
    const { stdout, stderr, exitCode } = await running.ended;
    if (exitCode !== 0) throw new Error(`the generator ended with ${exitCode}: ${stderr}`);
    if (recorder !== null && state === "healthy") await settled(recorder);
    await recorder?.running.stop();
    return { report: JSON.parse(stdout) as LoadReport, copied: recorder && copiedTo(recorder) };
  }

  async #record(): Promise<Recorder> {
    const running = await this.lab
      .machine("master")
      .spawn([process.execPath, program.openflowRecorder, master, port]);
    const recorder: Recorder = { running, account: [] };
    let lines: Account[] = [];
    running.onLine((line) => {
      const said = JSON.parse(line) as Account | { readonly connections: number };
      if ("numbers" in said) lines.push(said);
      else if ("connections" in said) [recorder.account, lines] = [lines, []];
    });
    return recorder;
  }
}

/** Waits until every connection of the recorder's ended, as those of the switches did. */
async function settled(recorder: Recorder): Promise<void> {
  for (const end = Date.now() + settling; Date.now() < end; ) {
    process.kill(recorder.running.pid, "SIGUSR1");
    await sleep(300);
    if (recorder.account.length > 0 && recorder.account.every(({ ended }) => ended !== null)) return;
  }
}

const copiedTo = ({ account }: Recorder): Copied => ({
  messages: account.reduce((sum, { numbers }) => sum + numbers.seen, 0),
  missing: account.reduce((sum, { numbers }) => sum + numbers.missing, 0),
});

/** The bench's pair with one server, under a name of its own. */
function topology(mirrored: boolean): string {
  const text = benchTopology()
    .replace(/^cluster: .*$/m, `cluster: bench-${mirrored ? "mirror" : "plain"}`)
    .replace(/^ *- \{ name: c[23], .*\n/gm, "");
  if (!mirrored) return text;
  const key = `    mirror: { to: { name: master, address: ${master}, port: ${port} } }\n`;
  return text.replace(/^( *- \{ name: c1, .*\n)/m, `$1${key}`);
}
