import { bodyOf, xidOf } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { Multipart, partIn } from "../openflow/multipart.js";
import { Ports } from "../openflow/ports.js";
import type { Generations } from "./roles.js";

/** What a FEATURES_REPLY has before its ports: header, datapath id, buffers, tables, capabilities, actions or reserved. */
const featuresLength = 32;

/** Bytes of messages that are kept of a description in several parts. */
const mostParts = 2 ** 20;

/** A memory as another node gets it: messages in base64. */
export interface WrittenMemory {
  readonly version: number;
  readonly hello: string | null;
  readonly features: string;
  readonly config: string | null;
  readonly desc: string | null;
  readonly ports: string | null;
  /** In decimal; left out where none was told. */
  readonly generation?: string | undefined;
}

/** What a switch told its own controller, as far as the master controller may ask for it too, and what it would remember of that one. */
export class SwitchMemory implements Generations {
  #hello: Buffer | null = null;
  #features: Buffer | null = null;
  #config: Buffer | null = null;
  #desc: Buffer | null = null;
  #ports: Ports | null = null;
  #generation: bigint | null = null;
  /** A PORT_DESC that comes in several messages, until its last. */
  #parts: { readonly xid: number; bodies: Buffer[]; bytes: number } | null = null;
  /** Grows with everything that is learned. */
  revision = 0;

  /** Looks at one message of the switch's. */
  learn(type: number, version: number, bytes: Buffer): void {
    if (type === Type.hello) this.#hello = this.#copy(bytes);
    else if (type === Type.featuresReply) this.#learnFeatures(version, bytes);
    else if (type === Type.getConfigReply) this.#config = this.#copy(bytes);
    else if (type === Type.portStatus) this.#learnPortStatus(bytes);
    else if (type === typesOf(version).multipartReply) this.#learnPart(version, bytes);
  }

  /** As it stood on the wire; null where the stream was not seen from its start. */
  get hello(): Buffer | null {
    return this.#hello;
  }

  /** Datapath id (16 hexadecimal digits) and version: a switch is somebody from here on. */
  get identity(): { readonly datapath: string; readonly auxiliary: number; readonly version: number } | null {
    if (this.#features === null) return null;
    const version = this.#features.readUInt8(0);
    return {
      datapath: this.#features.toString("hex", 8, 16),
      auxiliary: version >= 4 ? this.#features.readUInt8(21) : 0,
      version,
    };
  }

  /** Its FEATURES_REPLY; of 1.0 with the ports as they are now. */
  get features(): Buffer | null {
    if (this.#features?.readUInt8(0) !== 1 || this.#ports === null) return this.#features;
    const [ports = Buffer.alloc(0)] = this.#ports.described(65_535 - featuresLength);
    const whole = Buffer.concat([this.#features.subarray(0, featuresLength), ports]);
    whole.writeUInt16BE(whole.length, 2);
    return whole;
  }

  get config(): Buffer | null {
    return this.#config;
  }

  /** The body of its DESC. */
  get desc(): Buffer | null {
    return this.#desc;
  }

  get ports(): Ports | null {
    return this.#ports;
  }

  get generation(): bigint | null {
    return this.#generation;
  }

  set generation(told: bigint | null) {
    if (told !== this.#generation) this.revision += 1;
    this.#generation = told;
  }

  write(): WrittenMemory | null {
    const { identity, features } = this;
    if (identity === null || features === null) return null;
    const text = (bytes: Buffer | null) => bytes?.toString("base64") ?? null;
    return {
      version: identity.version,
      hello: text(this.#hello),
      features: features.toString("base64"),
      config: text(this.#config),
      desc: text(this.#desc),
      ports:
        identity.version === 1 || this.#ports === null
          ? null
          : text(Buffer.concat(this.#ports.described(Infinity))),
      ...(this.#generation === null ? {} : { generation: String(this.#generation) }),
    };
  }

  static read(written: WrittenMemory): SwitchMemory {
    const memory = new SwitchMemory();
    const bytes = (text: string | null) => (text === null ? null : Buffer.from(text, "base64"));
    memory.#hello = bytes(written.hello);
    memory.#learnFeatures(written.version, Buffer.from(written.features, "base64"));
    memory.#config = bytes(written.config);
    memory.#desc = bytes(written.desc);
    const ports = bytes(written.ports);
    if (ports !== null) {
      memory.#ports = new Ports(written.version);
      memory.#ports.add(ports);
    }
    if (written.generation !== undefined) memory.#generation = BigInt(written.generation);
    return memory;
  }

  #learnFeatures(version: number, bytes: Buffer): void {
    if (bytes.length < featuresLength) return;
    this.#features = this.#copy(bytes);
    if (version !== 1) return;
    this.#ports = new Ports(version);
    this.#ports.add(bytes.subarray(featuresLength));
  }

  #learnPortStatus(bytes: Buffer): void {
    if (this.#ports === null) return;
    this.#ports.apply(bodyOf(bytes));
    this.revision += 1;
  }

  #learnPart(version: number, bytes: Buffer): void {
    const part = partIn(version, bodyOf(bytes));
    if (part?.type === Multipart.desc) this.#desc = this.#copy(part.body);
    if (part?.type !== Multipart.portDesc || version === 1) return;
    const xid = xidOf(bytes);
    if (this.#parts?.xid !== xid) this.#parts = { xid, bodies: [], bytes: 0 };
    this.#parts.bodies.push(Buffer.from(part.body));
    this.#parts.bytes += bytes.length;
    if (part.more && this.#parts.bytes < mostParts) return;
    // The first answer that is whole, not one about a single port, is where PORT_STATUS goes on from.
    this.#ports ??= new Ports(version);
    for (const body of this.#parts.bodies) this.#ports.add(body);
    this.#parts = null;
    this.revision += 1;
  }

  #copy(bytes: Buffer): Buffer {
    this.revision += 1;
    return Buffer.from(bytes);
  }
}
