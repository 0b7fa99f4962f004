import { setTimeout as sleep } from "node:timers/promises";
import { clientOn } from "../src/drill/vantage.js";
import type { ClusterStatus } from "../src/fleet/status.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, LabProcess } from "../src/lab/lab.js";
import { program } from "../src/lab/program.js";
import { labUp } from "../src/lab/up.js";
import { paths } from "../src/render/paths.js";
import { activeAtRest } from "./failover.js";
import { speaking } from "./os-ken.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";
import { type Recorded, recordedIn } from "./recorded.js";

const [virtualIp, master, port] = ["10.0.1.100", "10.0.2.50", "6653"];
const multiplexer = "holdfast-multiplexer";

/** Generated ones besides, with other datapath ids; they pause as Open vSwitch does before they connect anew. */
const load = { switches: 20, base: 0x1000, rate: 2_000, size: 128, retry: 1_000 };
const real = 2;
export const everySwitch = load.switches + real;

/** Milliseconds until all switches go through the multiplexer. */
const patience = 30_000;
/** Milliseconds for which a multiplexer is stopped before it is continued, if it still lives. */
const standstill = 1_500;

export type Blow = "killed" | "stopped and continued" | "restarted";

/** A service whose switches a master controller shares, real and generated ones under load; its controllers keep account of all that they are told. */
export class SharedRestartsStage {
  private constructor(
    private readonly lab: Lab,
    private readonly active: string,
    private readonly recorders: readonly LabProcess[],
    private readonly generator: LabProcess,
  ) {}

  static async up(signal: AbortSignal): Promise<SharedRestartsStage> {
    const { cluster, configure } = ofTopology("holdfast", topology());
    const lab = await labUp(cluster, { switches: real, signal, configure });
    const recorders: LabProcess[] = [];
    for (const { name, address } of cluster.services[0]?.servers ?? []) {
      await lab.faults.signal(name, "controller", "SIGKILL");
      const argv = [process.execPath, program.openflowRecorder, address, port];
      recorders.push(await lab.machine(name).spawn(argv));
    }
    await speaking(lab, "master", "asking_controller.py");
    const active = await activeAtRest(lab, 1_000, signal);
    const words = Object.entries(load).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const argv = [process.execPath, program.openflowLoad, virtualIp, port, ...words, "--seconds", "86400"];
    const generator = await lab.machine(clientOn("switches")).spawn(argv);
    return new SharedRestartsStage(lab, active, recorders, generator);
  }

  down(): Promise<boolean> {
    return labDown(this.lab.cluster.name);
  }

  /**
   * Waits until the master controller has every switch. Those that went past the multiplexer are asked to connect anew.
   *
   * @returns how many went past it
   */
  async whole(signal: AbortSignal): Promise<number> {
    let past = 0;
    for (const end = Date.now() + patience; ; await sleep(200, undefined, { signal })) {
      const mirror = await this.#mirror();
      if (mirror?.connected === everySwitch && mirror.past === 0) return past;
      if (Date.now() > end) throw new Error(`the switches are not shared: ${JSON.stringify(mirror)}`);
      if (mirror?.past) {
        past = Math.max(past, mirror.past);
        await this.#endThosePast();
      }
    }
  }

  /** Resolves once the blow was dealt. */
  async deal(blow: Blow): Promise<void> {
    const { host } = this.lab.machine(this.active);
    const send = (signal: NodeJS.Signals) => this.lab.faults.signal(this.active, multiplexer, signal);
    if (blow === "killed") await send("SIGKILL");
    else if (blow === "restarted") await host.services.restart(multiplexer);
    else {
      await send("SIGSTOP");
      await sleep(standstill);
      await send("SIGCONT");
    }
  }

  /** Ends the load and the controllers: every connection that the pool's had of a switch. */
  async account(): Promise<Recorded[]> {
    await this.generator.stop("SIGTERM");
    await sleep(1_000);
    return (await Promise.all(this.recorders.map(toldBy))).flat();
  }

  async #mirror() {
    const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", "http://agent/v1/status"];
    const { stdout } = await this.lab.machine(this.active).exec(argv);
    return (JSON.parse(stdout) as ClusterStatus).services[0]?.mirror;
  }

  async #endThosePast(): Promise<void> {
    const { host } = this.lab.machine(this.active);
    for (const { name } of this.lab.cluster.services[0]?.servers ?? [])
      await host.ask(paths.haproxyAdmin, `shutdown sessions server openflow/${name}\n`);
  }
}

/** All connections of a recorder, which may take a while to tell of thousands. */
async function toldBy(recorder: LabProcess): Promise<Recorded[]> {
  const lines: string[] = [];
  const whole = new Promise<void>((done) => {
    recorder.onLine((line) => {
      lines.push(line);
      if (line.includes('"connections":')) done();
    });
  });
  process.kill(recorder.pid, "SIGUSR1");
  await Promise.race([whole, recorder.ended]);
  await recorder.stop("SIGKILL");
  return recordedIn(lines.join("\n"));
}

const topology = (): string =>
  benchTopology()
    .replace(/^cluster: .*$/m, "cluster: bench-shared-restarts")
    .replace(
      /^( *- \{ name: c3, .*\n)/m,
      `$1    mirror: { to: { name: master, address: ${master}, port: ${port} }, via: inline, replies: forward, writes: forward }\n`,
    );
