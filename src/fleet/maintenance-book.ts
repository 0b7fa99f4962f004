import { type MaintenanceNotes, maintenanceSchema } from "../api/documents.js";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { merged } from "./maintenance.js";

const path = `${paths.stateDir}/maintenance.json`;

/** This node's copy of who is out of service, on disk. */
export class MaintenanceBook {
  #notes: MaintenanceNotes = {};
  #written: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly host: Host,
    private readonly changed: (notes: MaintenanceNotes) => void,
  ) {}

  /**
   * Reads what this node knew. A file that cannot be read counts as empty: the peers have copies.
   *
   * @param changed called whenever somebody's word is news here
   */
  static async open(host: Host, changed: (notes: MaintenanceNotes) => void): Promise<MaintenanceBook> {
    const book = new MaintenanceBook(host, changed);
    book.#notes = parse(await host.read(path));
    return book;
  }

  get notes(): MaintenanceNotes {
    return this.#notes;
  }

  /** Takes what somebody says, and answers with the newest words of both. Resolves once they are on disk. */
  async meet(theirs: MaintenanceNotes): Promise<MaintenanceNotes> {
    const both = merged(this.#notes, theirs);
    if (JSON.stringify(both) !== JSON.stringify(merged(this.#notes, {}))) {
      this.#notes = both;
      this.changed(both);
      const written = this.#written.then(() => this.#write());
      this.#written = written.catch(() => undefined);
      await written;
    }
    return both;
  }

  async #write(): Promise<void> {
    const body = `${JSON.stringify(this.#notes, null, 2)}\n`;
    const staged = await this.host.stage(path, body, { mode: 0o600, user: "root", group: "root" });
    await this.host.swap(staged, path);
  }
}

function parse(text: string | null): MaintenanceNotes {
  try {
    return text === null ? {} : maintenanceSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
