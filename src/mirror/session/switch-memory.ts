import { bodyOf, xidOf } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { Multipart, partIn } from "../openflow/multipart.js";
import type { Ports } from "../openflow/ports.js";
import { PortMemory } from "./port-memory.js";
import type { Generations } from "./roles.js";

/** What a FEATURES_REPLY has before its ports: header, datapath id, buffers, tables, capabilities, actions or reserved. */
const featuresLength = 32;

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
  #ports: PortMemory | null = null;
  #generation: bigint | null = null;
  /** Grows with everything that is learned. */
  revision = 0;

  /** Looks at one message of the switch's. */
  learn(type: number, version: number, bytes: Buffer): void {
    if (type === Type.hello) this.#hello = this.#copy(bytes);
    else if (type === Type.featuresReply) this.#learnFeatures(version, bytes);
    else if (type === Type.getConfigReply) this.#config = this.#copy(bytes);
    else if (type === Type.portStatus) this.#learnPortStatus(version, bytes);
    else if (type === typesOf(version).multipartReply) this.#learnPart(version, bytes);
  }

  /** Something that the switch said was not seen. */
  missed(): void {
    this.#ports?.missed();
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
    const { ports: known } = this;
    if (this.#features?.readUInt8(0) !== 1 || known === null) return this.#features;
    const [ports = Buffer.alloc(0)] = known.described(65_535 - featuresLength);
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

  /** Every port that it has; null while it has not told all. */
  get ports(): Ports | null {
    return this.#ports?.whole ? this.#ports.soFar : null;
  }

  /** The ports that it told of, which need not be all. */
  get portsSoFar(): Ports | null {
    return this.#ports?.soFar ?? null;
  }

  get generation(): bigint | null {
    return this.#generation;
  }

  set generation(told: bigint | null) {
    if (told !== this.#generation) this.revision += 1;
    this.#generation = told;
  }

  write(): WrittenMemory | null {
    const { identity, features, ports } = this;
    if (identity === null || features === null) return null;
    const text = (bytes: Buffer | null) => bytes?.toString("base64") ?? null;
    return {
      version: identity.version,
      hello: text(this.#hello),
      features: features.toString("base64"),
      config: text(this.#config),
      desc: text(this.#desc),
      ports: identity.version === 1 || ports === null ? null : text(Buffer.concat(ports.described(Infinity))),
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
    if (ports !== null) memory.#portsOf(written.version).are(ports);
    if (written.generation !== undefined) memory.#generation = BigInt(written.generation);
    return memory;
  }

  #learnFeatures(version: number, bytes: Buffer): void {
    if (bytes.length < featuresLength) return;
    this.#features = this.#copy(bytes);
    if (version === 1) this.#portsOf(version).are(bytes.subarray(featuresLength));
  }

  #learnPortStatus(version: number, bytes: Buffer): void {
    this.#portsOf(version).changed(bodyOf(bytes));
    this.revision += 1;
  }

  #learnPart(version: number, bytes: Buffer): void {
    const part = partIn(version, bodyOf(bytes));
    if (part?.type === Multipart.desc) this.#desc = this.#copy(part.body);
    if (part?.type !== Multipart.portDesc || version === 1) return;
    if (this.#portsOf(version).described(xidOf(bytes), part, bytes.length)) this.revision += 1;
  }

  #portsOf(version: number): PortMemory {
    this.#ports ??= new PortMemory(version);
    return this.#ports;
  }

  #copy(bytes: Buffer): Buffer {
    this.revision += 1;
    return Buffer.from(bytes);
  }
}
