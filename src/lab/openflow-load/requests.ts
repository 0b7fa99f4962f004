import { message } from "../../mirror/openflow/message.js";
import { Type, typesOf } from "../../mirror/openflow/message-type.js";
import { Multipart } from "../../mirror/openflow/multipart.js";

/** The first byte of every xid of ours: what answers others has another. */
const ours = 0x4d;

/** A controller's own requests to one switch, known again by their numbers. */
export class Requests {
  #last = 0;
  #asked = 0;
  #answered = 0;

  constructor(private readonly version: number) {}

  /** What a controller asks first. */
  first(): Buffer {
    const config = message(this.version, Type.setConfig, this.#number(), Buffer.from([0, 0, 0, 128]));
    const descriptions = this.version === 1 ? [Multipart.desc] : [Multipart.portDesc, Multipart.desc];
    const features = this.#ask(Type.featuresRequest);
    return Buffer.concat([features, ...descriptions.map((type) => this.#describe(type)), config]);
  }

  echo(): Buffer {
    return this.#ask(Type.echoRequest);
  }

  /** Whether a message with this xid is an answer to one of ours, which is counted. */
  own(xid: number): boolean {
    if (xid >>> 24 !== ours || (xid & 0xffffff) > this.#last) return false;
    this.#answered += 1;
    return true;
  }

  get counts() {
    return { asked: this.#asked, answered: this.#answered };
  }

  #describe(type: number): Buffer {
    const body = Buffer.alloc(this.version === 1 ? 4 : 8);
    body.writeUInt16BE(type, 0);
    // From 1.5 on it names a port: any (1.5.1, 7.3.5.4).
    const any =
      this.version >= 6 && type === Multipart.portDesc ? Buffer.alloc(8, 0xff).fill(0, 4) : Buffer.alloc(0);
    return this.#ask(typesOf(this.version).multipartRequest, Buffer.concat([body, any]));
  }

  #ask(type: number, body?: Buffer): Buffer {
    this.#asked += 1;
    return message(this.version, type, this.#number(), body);
  }

  #number(): number {
    this.#last += 1;
    return ours * 2 ** 24 + this.#last;
  }
}
