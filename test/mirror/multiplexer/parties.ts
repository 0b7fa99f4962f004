import { Relay } from "../../../src/mirror/multiplexer/relay.js";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { typeName } from "../../../src/mirror/openflow/message-type.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { Counters } from "../../../src/mirror/switch/counters.js";

export type Who = "switch" | "pool" | "master" | "copy";

/** A relay whose three ends say and hear whole messages. */
export class Parties {
  readonly relay: Relay;
  readonly heard: Record<Who, Buffer[]> = { switch: [], pool: [], master: [], copy: [] };
  /** All that passed, in its order, once it is no OpenFlow. */
  readonly strange: string[] = [];
  /** What controllers said, as `master FLOW_MOD`, and whether it reached the switch. */
  readonly outcomes: [string, boolean][] = [];
  opaque = false;
  now = 0;

  constructor(
    readonly version: number,
    writes = true,
    table = new XidTable(100),
  ) {
    const into = (who: Who) => (bytes: Buffer) => {
      if (this.opaque) this.strange.push(`${who} ${bytes.toString("hex")}`);
      else this.heard[who].push(...messagesIn(bytes));
    };
    this.relay = new Relay(
      {
        ...{ toSwitch: into("switch"), toPool: into("pool"), toMaster: into("master"), copy: into("copy") },
        said: (from, bytes) => {
          const said = `${from} ${typeName(version, bytes.readUInt8(1))}`;
          return (reached) => void this.outcomes.push([said, reached]);
        },
        opaque: () => {
          this.opaque = true;
        },
      },
      new SwitchMemory(),
      new Counters(),
      { writes, hearsAll: false },
      table,
    );
    this.says("switch", helloFor(version, 1));
    this.says("pool", helloFor(version, 1));
    this.forget();
  }

  says(who: "switch" | "pool" | "master", bytes: Buffer): void {
    if (who === "switch") this.relay.fromSwitch(Buffer.from(bytes), this.now);
    else if (who === "pool") this.relay.fromPool(Buffer.from(bytes), this.now);
    else {
      this.relay.masterCame();
      this.relay.fromMaster(Buffer.from(bytes), this.now);
    }
  }

  /** A message of this version. */
  say(who: "switch" | "pool" | "master", type: number, xid: number, body?: Buffer): void {
    this.says(who, message(this.version, type, xid, body));
  }

  /** What somebody heard since it was last forgotten, as `FLOW_MOD 17`. */
  words(who: Who): string[] {
    return this.heard[who].map(
      (bytes) => `${typeName(this.version, bytes.readUInt8(1))} ${bytes.readUInt32BE(4)}`,
    );
  }

  last(who: Who): Buffer {
    return this.heard[who].at(-1) ?? Buffer.alloc(0);
  }

  forget(): void {
    for (const who of ["switch", "pool", "master", "copy"] as const) this.heard[who] = [];
  }
}

function messagesIn(bytes: Buffer): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt16BE(at + 2))
    all.push(Buffer.from(bytes.subarray(at, at + bytes.readUInt16BE(at + 2))));
  return all;
}
