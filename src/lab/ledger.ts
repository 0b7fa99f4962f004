import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../topology/cluster.js";
import { labDirectory, labRoot } from "./names.js";
import { isAlive, type ProcessId } from "./processes.js";

/** What a lab was made from: enough to draw its layout again in another process. */
export interface LabRecord {
  readonly schema: "holdfast/lab/v1";
  readonly cluster: Cluster;
  readonly switches: number;
  /** Not there: as many as a lab has by itself. */
  readonly vpnClients?: number | undefined;
}

/** The lab's own memory, in files below /run that only root reads: any holdfast process can take part in a lab. */
export class Ledger {
  readonly directory: string;

  constructor(cluster: string) {
    this.directory = labDirectory(cluster);
  }

  open(record: LabRecord): void {
    mkdirSync(join(this.directory, "pid"), { recursive: true });
    chmodSync(labRoot, 0o755);
    chmodSync(this.directory, 0o700);
    this.#write("lab.json", JSON.stringify(record));
  }

  /** Null when there is no such lab. */
  record(): LabRecord | null {
    const text = this.#read("lab.json");
    return text === null ? null : (JSON.parse(text) as LabRecord);
  }

  /** Where a machine's files survive a power loss. */
  disk(machine: string): string {
    return join(this.directory, "disk", machine);
  }

  booted(machine: string, init: ProcessId): void {
    this.#write(`pid/${machine}`, JSON.stringify(init));
  }

  poweredOff(machine: string): void {
    rmSync(join(this.directory, "pid", machine), { force: true });
  }

  /** The machine's PID 1; null when it is off. */
  init(machine: string): ProcessId | null {
    const text = this.#read(`pid/${machine}`);
    const init = text === null ? null : (JSON.parse(text) as ProcessId);
    return init !== null && isAlive(init) ? init : null;
  }

  /** The PID 1 of a machine that has just booted. @throws when it is off */
  running(machine: string): ProcessId {
    const init = this.init(machine);
    if (init === null) throw new Error(`${machine} went down while it booted`);
    return init;
  }

  #read(name: string): string | null {
    try {
      return readFileSync(join(this.directory, name), "utf8");
    } catch {
      return null;
    }
  }

  #write(name: string, text: string): void {
    const path = join(this.directory, name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
