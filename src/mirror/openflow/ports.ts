/** ofp_port_reason (OpenFlow 1.3.5, 7.4.3). */
const deleted = 1;

/** Bytes of a port's description: of 1.0 and 1.3 always the same, of 1.4 and later as it says itself. */
const size = (version: number, bytes: Buffer, at: number): number => {
  if (version === 1) return 48;
  return version < 5 ? 64 : at + 6 <= bytes.length ? bytes.readUInt16BE(at + 4) : 0;
};

/** The least that a description of 1.4 can have: number, length, hardware address, name, config, state. */
const least = 40;

/** Bytes of descriptions: no switch has as many ports, but one that is not what it seems could say so. */
const most = 2 ** 20;

const numberAt = (version: number, bytes: Buffer, at: number): number =>
  version === 1 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at);

/** A switch's ports as it described them, each in the bytes that it used. */
export class Ports {
  readonly #ports = new Map<number, Buffer>();
  #bytes = 0;

  constructor(private readonly version: number) {}

  /** Descriptions, one behind the other; what is cut short at the end, or is too much, is left out. */
  add(descriptions: Buffer): void {
    for (let at = 0; at + least <= descriptions.length; ) {
      const length = size(this.version, descriptions, at);
      if (length < least || at + length > descriptions.length) return;
      const port = Buffer.from(descriptions.subarray(at, at + length));
      this.#set(numberAt(this.version, port, 0), port);
      at += length;
    }
  }

  #set(number: number, port: Buffer): void {
    const grown = this.#bytes + port.length - (this.#ports.get(number)?.length ?? 0);
    if (grown > most) return;
    this.#ports.set(number, port);
    this.#bytes = grown;
  }

  #delete(number: number): void {
    this.#bytes -= this.#ports.get(number)?.length ?? 0;
    this.#ports.delete(number);
  }

  /** A PORT_STATUS: reason, seven bytes of padding, the port. */
  apply(body: Buffer): void {
    if (body.length < 8 + least) return;
    const port = body.subarray(8);
    if (body.readUInt8(0) === deleted) this.#delete(numberAt(this.version, port, 0));
    else this.add(port);
  }

  /** Every port, or the one with this number, in bodies of at most so many bytes; at least one body. */
  described(most: number, number: number | null = null): Buffer[] {
    const ports = number === null ? [...this.#ports.values()] : [this.#ports.get(number) ?? Buffer.alloc(0)];
    const bodies: Buffer[][] = [[]];
    let length = 0;
    for (const port of ports) {
      if (length + port.length > most) {
        bodies.push([]);
        length = 0;
      }
      bodies.at(-1)?.push(port);
      length += port.length;
    }
    return bodies.map((body) => Buffer.concat(body));
  }

  has(number: number): boolean {
    return this.#ports.has(number);
  }

  get size(): number {
    return this.#ports.size;
  }
}
