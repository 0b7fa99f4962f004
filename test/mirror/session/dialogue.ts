import { message } from "../../../src/mirror/openflow/message.js";
import type { WireVersion } from "../../../src/mirror/openflow/version.js";
import { Answers } from "../../../src/mirror/session/answers.js";
import { MasterSession } from "../../../src/mirror/session/master-session.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

/** ofp_switch_features of datapath `42`, 254 tables; of 1.0 with ports. */
export function features(version: WireVersion, ports: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.alloc(24);
  body.writeBigUInt64BE(0x42n, 0);
  body.writeUInt8(254, 12);
  return message(version, 6, 0xbeef, Buffer.concat([body, version === 1 ? ports : Buffer.alloc(0)]));
}

/** ofp_port with this number and this name. */
export function port(version: WireVersion, number: number, name: string): Buffer {
  const bytes = Buffer.alloc(version === 1 ? 48 : version < 5 ? 64 : 72);
  if (version === 1) bytes.writeUInt16BE(number, 0);
  else bytes.writeUInt32BE(number, 0);
  if (version >= 5) bytes.writeUInt16BE(72, 4);
  bytes.write(name, version === 1 ? 8 : 24);
  return bytes;
}

/** PORT_STATUS: reason 0 added, 1 deleted, 2 modified. */
export const portStatus = (version: WireVersion, reason: number, described: Buffer): Buffer =>
  message(version, 12, 0, Buffer.concat([Buffer.from([reason, 0, 0, 0, 0, 0, 0, 0]), described]));

/** A multipart request or reply, with its head as the version has it. */
export function multipart(
  version: WireVersion,
  type: number,
  xid: number,
  what: number,
  flags: number,
  body: Buffer = Buffer.alloc(0),
) {
  const head = Buffer.alloc(version === 1 ? 4 : 8);
  head.writeUInt16BE(what, 0);
  head.writeUInt16BE(flags, 2);
  return message(version, type, xid, Buffer.concat([head, body]));
}

export interface Dialogue {
  readonly session: MasterSession;
  readonly memory: SwitchMemory;
  /** What the session said, message by message, in hexadecimal. */
  readonly said: string[];
  readonly wrote: string[];
  readonly closed: string[];
  readonly ready: { times: number };
  /** The switch tells something. */
  tell(bytes: Buffer): void;
  /** The master controller says something; what it is answered, in hexadecimal. */
  ask(bytes: Buffer, now?: number): string[];
}

export function dialogue(
  version: WireVersion,
  writes: "error" | "drop" = "error",
  memory = new SwitchMemory(),
): Dialogue {
  const [said, wrote, closed]: string[][] = [[], [], []];
  const ready = { times: 0 };
  const end = {
    send: (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += bytes.readUInt16BE(at + 2))
        said?.push(bytes.toString("hex", at, at + bytes.readUInt16BE(at + 2)));
    },
    takes: () => true,
    ready: () => {
      ready.times += 1;
    },
    wrote: (type: string) => void wrote?.push(type),
    kept: () => undefined,
    forward: () => undefined,
    close: (why: string) => void closed?.push(why),
  };
  const session = new MasterSession(memory, version, new Answers(memory, version, writes), end, 0);
  return {
    ...{ session, memory, said: said ?? [], wrote: wrote ?? [], closed: closed ?? [], ready },
    tell: (bytes) => {
      memory.learn(bytes.readUInt8(1), bytes.readUInt8(0), bytes);
      session.learned();
    },
    ask: (bytes, now = 0) => {
      const before = said?.length ?? 0;
      session.receive(bytes, now);
      return said?.slice(before) ?? [];
    },
  };
}
