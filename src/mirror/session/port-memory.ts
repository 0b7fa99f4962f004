import type { Part } from "../openflow/multipart.js";
import { Ports } from "../openflow/ports.js";

/** Bytes of messages of a description in several parts; one that has more is taken as it is. */
const mostParts = 2 ** 20;

/** OFPMP_PORT_DESC may ask for one port from 1.5 on (OpenFlow 1.5.1, ofp_port_multipart_request). */
const asksForOne = (version: number): boolean => version >= 6;

/** A switch's ports, from what it told of them: answers to questions that nobody here sees, and changes. */
export class PortMemory {
  #ports: Ports;
  #whole = false;
  /** A PORT_DESC that comes in several messages, until its last. */
  #coming: { readonly xid: number; readonly ports: Ports; bytes: number } | null = null;
  /** Something was not seen since the last PORT_DESC ended. */
  #missed = false;

  constructor(private readonly version: number) {
    this.#ports = new Ports(version);
  }

  /** All that was told. */
  get soFar(): Ports {
    return this.#ports;
  }

  /** Whether that is every port it has. */
  get whole(): boolean {
    return this.#whole;
  }

  /** @param descriptions of every port it has */
  are(descriptions: Buffer): void {
    [this.#ports, this.#whole] = [new Ports(this.version), true];
    this.#ports.add(descriptions);
  }

  /** @param body of a PORT_STATUS */
  changed(body: Buffer): void {
    this.#ports.apply(body);
    this.#coming?.ports.apply(body);
  }

  /**
   * One message of a PORT_DESC.
   *
   * @param length of the whole message
   * @returns whether it was the last one
   */
  described(xid: number, part: Part, length: number): boolean {
    if (this.#coming?.xid !== xid) this.#coming = { xid, ports: new Ports(this.version), bytes: 0 };
    const coming = this.#coming;
    coming.ports.add(part.body);
    coming.bytes += length;
    if (part.more && coming.bytes < mostParts) return false;
    this.#take(coming.ports);
    [this.#coming, this.#missed] = [null, false];
    return true;
  }

  /** Something that the switch said was not seen. */
  missed(): void {
    this.#missed = true;
  }

  /**
   * Fewer than two ports may be the answer about one, and none about one that there is not: what is known of the others
   * stays, and whether there are others is left open. Behind a hole it may be the rest of a description: nothing goes for it.
   */
  #take(told: Ports): void {
    const maybeOne = asksForOne(this.version) && told.size < 2;
    if (maybeOne || this.#missed) for (const body of told.described(Infinity)) this.#ports.add(body);
    else this.#ports = told;
    if (!maybeOne) this.#whole = true;
  }
}
